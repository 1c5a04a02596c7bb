/** Which role each side of a match plays, from what both are to learn. */
import type { Learns, Side } from '../party.ts';
import type { Mode, Role } from './messages.ts';

export interface Part {
  readonly role: Role;
  readonly mode: Mode;
}

/**
 * Who learns rows is the receiver; where both do, the proposer is.
 * @throws {RangeError} where a side is to learn a count, which the protocol does not offer, or nobody learns anything.
 */
export function partOf(side: Side, learns: { readonly own: Learns; readonly peer: Learns }): Part {
  const { own, peer } = learns;
  if (own === 'count' || peer === 'count') throw new RangeError('psi/vole does not offer a count alone');
  if (own === 'rows' && peer === 'rows') {
    return { role: side === 'proposer' ? 'receiver' : 'sender', mode: 'both-learn' };
  }
  if (own === 'nothing' && peer === 'nothing') throw new RangeError('one side at least has to learn something');
  return { role: own === 'rows' ? 'receiver' : 'sender', mode: 'receiver-learns' };
}
