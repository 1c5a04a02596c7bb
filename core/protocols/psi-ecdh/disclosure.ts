import { elementBytes } from '../../group/index.ts';
import type { ReceivedRows, SideDisclosure } from '../disclosure.ts';
import type { Learns } from '../party.ts';

/** What one side learns and receives, given what it is to learn. Holds for any honest-but-curious party: README, "Who learns what". */
export function discloseSide(learns: Learns, tagBytes: number): SideDisclosure<ReceivedRows> {
  const points = { message: 'points', bytesPerRow: elementBytes, rowsOf: 'partner', order: 'secret' } as const;
  const size = { what: 'partner-set-size' } as const;
  switch (learns) {
    case 'rows':
      return {
        learns: [size, { what: 'own-rows-matched' }],
        receives: [points, { message: 'tags', bytesPerRow: tagBytes, rowsOf: 'own', order: 'own' }],
      };
    case 'count':
      return {
        learns: [size, { what: 'match-count' }],
        receives: [points, { message: 'tags', bytesPerRow: tagBytes, rowsOf: 'own', order: 'sorted' }],
      };
    case 'nothing':
      return { learns: [size], receives: [points] };
  }
}
