/**
 * What an operator has lost that was set back to an older copy, by a backup that was restored: records that it put in order since, which the
 * members still hold under heads that it signed. Were it to sign others in their place, its own signatures would prove a split view.
 */
import { base64ToBytes, equalBytes } from '@causeway/core/bytes';
import {
  LedgerError,
  type LogIdentity,
  leafHash,
  type MerkleTree,
  openHead,
  type SignedHead,
} from '@causeway/core/ledger';
import { type CallForm, ledgerCalls } from './calls.ts';

/** What one member shows. */
export interface HeldElsewhere {
  readonly organisation: string;
  /** Signed by this operator. */
  readonly head: SignedHead;
  readonly note: string;
  /** The records beyond the own copy, up to the head. */
  readonly leaves: readonly Uint8Array[];
}

/**
 * Asks one member.
 * @param own.size records of the operator's copy; @param own.note the last head over it.
 * @throws {LinkError} where the member cannot be asked; {LedgerError} for a head that this operator has not signed.
 */
export async function askHeld(
  log: LogIdentity,
  own: { readonly size: number; readonly note: string },
  member: {
    readonly organisation: string;
    readonly ask: <Question, Answer>(form: CallForm<Question, Answer>, question: Question) => Promise<Answer>;
  },
): Promise<HeldElsewhere> {
  const { organisation, ask } = member;
  const { head: note } = await ask(ledgerCalls.gossip, { head: own.note });
  const head = openHead(note, log);
  const leaves: Uint8Array[] = [];
  while (own.size + leaves.length < head.size) {
    const page = await ask(ledgerCalls.pull, { from: own.size + leaves.length, size: head.size });
    // A member that gives nothing more has not what it shows: the records will not be those of its head.
    if (page.leaves.length === 0) break;
    for (const leaf of page.leaves) leaves.push(base64ToBytes(leaf));
  }
  return { organisation, head, note, leaves: leaves.slice(0, Math.max(0, head.size - own.size)) };
}

/**
 * Chooses what to take back: the longest history, which has to hold the own one and that of every other member.
 * @param tree of the own copy.
 * @returns nothing where no member holds more.
 * @throws {LedgerError} `split-view`: a member holds another history under this operator's signature.
 */
export function lostRecords(tree: MerkleTree, held: readonly HeldElsewhere[]): HeldElsewhere | undefined {
  const longest = held.toSorted((a, b) => b.head.size - a.head.size)[0];
  if (!longest) return undefined;
  const frontier = tree.frontier();
  const roots = new Map<number, Uint8Array>();
  for (const leaf of longest.leaves) {
    frontier.append(leafHash(leaf));
    roots.set(frontier.size, frontier.root());
  }
  for (const { organisation, head } of held) {
    const root = head.size <= tree.size ? tree.root(head.size) : roots.get(head.size);
    if (root && equalBytes(root, head.root)) continue;
    throw new LedgerError(
      'split-view',
      `${organisation} holds a head of ${head.size} records that this operator has signed, over other records than these: nothing is added before the members have spoken with each other`,
    );
  }
  return longest.head.size > tree.size ? longest : undefined;
}
