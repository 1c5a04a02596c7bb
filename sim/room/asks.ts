/** What people ask of rooms. It is asked again after a crash, as people do, until there is an answer or a reason why there is none. */
import type { NodeError } from '@causeway/server/home';
import type { LinkError } from '@causeway/server/link';
import type { Asked } from './question.ts';

export interface Ask extends Asked {
  end?: { readonly given: string } | { readonly refused: string } | undefined;
}

/** Refusals that stay. */
const final = ['budget-exhausted', 'exact-tables-used', 'audience-too-small'];
/** Refusals of a room that is not there yet, or not any more. */
const closed = [
  ...['room-closed', 'room-deleted', 'agreement-revoked', 'agreement-expired', 'no-network', 'not-permitted'],
];
/** All audiences were given. */
const used = 'conflict';

/** @returns undefined for what is asked again. */
export function outcomeOfAsk(error: LinkError | NodeError, { isOver }: { readonly isOver: boolean }): Ask['end'] {
  const code = ('peer' in error ? error.peer?.code : error.code) ?? 'unreachable';
  if (final.includes(code) || code === used) return { refused: code };
  if (isOver && closed.includes(code)) return { refused: 'room-closed' };
  return undefined;
}
