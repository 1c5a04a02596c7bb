/**
 * Proofs that an operator broke the log: plain JSON that a node keeps and an outsider can judge with nothing but the operator's key.
 *
 * - `split-view`: two heads of which neither is the beginning of the other. Of heads of unequal size, the path computes to the larger
 *   head's signed root; the root that it gives for the smaller size is then that log's own past, and is not what was signed.
 * - `rollback`: a smaller head that is signed as "the largest" at a later time than a larger one.
 * - `broken-rule`: a record under a signed head that the rules forbid. Whoever has the records before it can replay them to it.
 */
import { z } from 'zod';
import { base64ToBytes, bytesToBase64, equalBytes } from '../bytes/index.ts';
import { slug } from './bodies.ts';
import { parseWith } from './entry.ts';
import { LedgerError } from './error.ts';
import { type LogIdentity, openHead, type SignedHead } from './head.ts';
import { Frontier, leafHash, type MerkleTree } from './merkle.ts';
import { isNode, provenRoots, verifyInclusion } from './proof.ts';
import { decodeRecord } from './record.ts';
import { LedgerState } from './state.ts';

const hashes = z.array(z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)).max(64);
const note = z.string().max(1 << 20);
const log = { network: slug, operator: slug };

export const evidenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('split-view'), ...log, smaller: note, larger: note, path: hashes }),
  z.strictObject({ kind: z.literal('rollback'), ...log, earlier: note, later: note }),
  z.strictObject({
    kind: z.literal('broken-rule'),
    ...log,
    head: note,
    index: z.int().min(0),
    /** Base64 of the record's leaf. */
    leaf: z.string().max(90_000).refine(isBase64, 'expected canonical Base64'),
    inclusion: hashes,
    /** From the tree of the records before, as `path` of a split view; empty for the first record. */
    path: hashes,
    code: z.string().max(63),
  }),
]);

export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;
export type SplitEvidence = Extract<Evidence, { kind: 'split-view' }>;
export type RollbackEvidence = Extract<Evidence, { kind: 'rollback' }>;
export type BrokenRuleEvidence = Extract<Evidence, { kind: 'broken-rule' }>;

/** Takes a value from outside as evidence. @throws {LedgerError} `malformed-bundle`. */
export function parseEvidence(value: unknown): Evidence {
  return parseWith<Evidence>(evidenceSchema, value, 'malformed-bundle');
}

/** The path by which a tree shows its own root of an earlier size, as evidence carries it. Empty for two equal sizes, or from nothing. */
export function historyPath(tree: MerkleTree, between: { readonly from: number; readonly to: number }): string[] {
  const { from, to } = between;
  if (from === to || from === 0) return [];
  const proof = tree.consistencyProof(between);
  const whole = isNode({ start: 0, end: from, size: to }) ? [tree.root(from), ...proof] : proof;
  return whole.map(bytesToBase64);
}

/**
 * The root of an earlier size, from the path and the root of a larger tree.
 * @returns undefined where the path does not end in that root.
 */
export function rootInHistory(
  head: { readonly size: number; readonly root: Uint8Array },
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (size === head.size) return path.length === 0 ? head.root : undefined;
  if (size === 0 || size > head.size) return undefined;
  const roots = provenRoots({ start: 0, end: size, size: head.size }, path);
  return roots && equalBytes(roots.tree, head.root) ? roots.subtree : undefined;
}

/**
 * Whether the evidence shows, to someone who knows only the operator's key, that the operator signed two histories.
 * @throws {LedgerError} where a note in it is not a head of this operator at all.
 */
export function verifySplitEvidence(evidence: SplitEvidence, operatorKey: Uint8Array): boolean {
  const identity: LogIdentity = { ...evidence, operatorKey };
  const [smaller, larger] = [openHead(evidence.smaller, identity), openHead(evidence.larger, identity)];
  const root = rootInHistory(larger, smaller.size, evidence.path.map(base64ToBytes));
  return root !== undefined && !equalBytes(root, smaller.root);
}

/** Whether the evidence shows that the operator called a smaller head the largest after it had signed a larger one. */
export function verifyRollbackEvidence(evidence: RollbackEvidence, operatorKey: Uint8Array): boolean {
  const identity: LogIdentity = { ...evidence, operatorKey };
  return isRollback(openHead(evidence.earlier, identity), openHead(evidence.later, identity));
}

/** A merely older head, shown again, is no rollback: its own time is older too. */
export function isRollback(earlier: SignedHead, later: SignedHead): boolean {
  return earlier.size > later.size && earlier.atSeconds < later.atSeconds;
}

/**
 * Whether the record under the operator's head breaks the rules.
 * @param before the leaves of all records before it, from anyone: they are held against the same head.
 * @returns the code of the rule that it breaks, or undefined where the record is admissible after all.
 * @throws {LedgerError} `proof-invalid` where the record or the leaves before it are not what the operator signed.
 */
export function verifyBrokenRule(
  evidence: BrokenRuleEvidence,
  { before, operatorKey }: { readonly before: readonly Uint8Array[]; readonly operatorKey: Uint8Array },
): string | undefined {
  const head = openHead(evidence.head, { ...evidence, operatorKey });
  const leaf = base64ToBytes(evidence.leaf);
  const { index } = evidence;
  const claim = { leafHash: leafHash(leaf), index, size: head.size, root: head.root };
  if (!verifyInclusion({ ...claim, proof: evidence.inclusion.map(base64ToBytes) })) {
    throw new LedgerError('proof-invalid', `record ${index} is not in the head of size ${head.size}`, { index });
  }
  const frontier = new Frontier();
  for (const earlier of before) frontier.append(leafHash(earlier));
  const root = index === 0 ? frontier.root() : rootInHistory(head, index, evidence.path.map(base64ToBytes));
  if (before.length !== index || !root || !equalBytes(root, frontier.root())) {
    throw new LedgerError('proof-invalid', `the records before record ${index} are not those of the head`, { index });
  }
  const state = new LedgerState();
  try {
    for (const earlier of before) state.apply(decodeRecord(earlier));
    state.apply(decodeRecord(leaf));
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return undefined;
}

function isBase64(text: string): boolean {
  try {
    return base64ToBytes(text).length > 0;
  } catch {
    return false;
  }
}
