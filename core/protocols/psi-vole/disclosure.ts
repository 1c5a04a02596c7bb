/** What one side learns and receives. Holds for any honest-but-curious party: README.md, "Who learns what". */
import type { Learned, ReceivedBytes, SideDisclosure } from '../disclosure.ts';
import { bulkBytes } from './lengths.ts';
import type { Bulk, Mode, Role } from './messages.ts';
import type { Geometry } from './parameters.ts';

/** @param geometry of the declared sizes: all lengths follow from it, and so say nothing of the lists. */
export function discloseRole(role: Role, mode: Mode, geometry: Geometry): SideDisclosure<ReceivedBytes> {
  return { learns: learns(role, mode), receives: receives(role, mode, geometry) };
}

function learns(role: Role, mode: Mode): readonly Learned[] {
  const size = { what: 'partner-set-size' } as const;
  if (role === 'receiver') return [size, { what: 'own-rows-matched' }];
  return mode === 'both-learn' ? [size, { what: 'own-rows-matched-as-told' }] : [size];
}

function receives(role: Role, mode: Mode, geometry: Geometry): readonly ReceivedBytes[] {
  const { epochCount, bucketCount } = geometry;
  const sum = (type: Bulk, count: number, order: ReceivedBytes['order']): ReceivedBytes => {
    let bytes = 0;
    for (let number = 0; number < count; number++) bytes += bulkBytes(geometry, type, number);
    return { message: type, bytes, order };
  };
  if (role === 'receiver') {
    return [
      sum('base-elements', 1, 'none'),
      sum('epoch-trees', epochCount, 'none'),
      sum('trees', bucketCount, 'none'),
      sum('tags', bucketCount, 'sorted'),
    ];
  }
  return [
    sum('base-answer', 1, 'none'),
    sum('epoch-choices', epochCount, 'none'),
    sum('choices', bucketCount, 'none'),
    sum('okvs', bucketCount, 'none'),
    // A bit for each tag, in the order in which the sender sent them.
    ...(mode === 'both-learn' ? [sum('match', bucketCount, 'own')] : []),
  ];
}
