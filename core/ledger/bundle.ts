/**
 * Some records of a ledger with the proofs that they are in it, as one JSON document: what goes into an evidence file. An outsider checks
 * it offline; the head's cosignatures say which members had replayed the rules up to it, and hold it to be the only history.
 */
import { z } from 'zod';
import { base64ToBytes, bytesToBase64 } from '../bytes/index.ts';
import { verify } from '../crypto/index.ts';
import { type Member, publicKey, slug } from './bodies.ts';
import { type Entry, isEntrySignedBy, memberConsentBytes, parseWith } from './entry.ts';
import { LedgerError } from './error.ts';
import { genesisOf } from './genesis.ts';
import { cosignerKey, openHead, type SignedHead } from './head.ts';
import { leafHash, type MerkleTree } from './merkle.ts';
import { verifyInclusion } from './proof.ts';
import { encodeRecord, type LedgerRecord, recordSchema } from './record.ts';
import type { LedgerState } from './state.ts';
import { type Cosigned, cosignaturesOn } from './witnesses.ts';

const recordsMax = 10_000;

export const bundleSchema = z.strictObject({
  kind: z.literal('causeway/ledger-bundle/v1'),
  network: slug,
  /** The operator's head, with all cosignatures. */
  head: z.string().max(1 << 20),
  records: z
    .array(z.strictObject({ record: recordSchema, proof: z.array(publicKey).max(64) }))
    .min(1)
    .max(recordsMax),
});

export interface LedgerBundle {
  readonly kind: 'causeway/ledger-bundle/v1';
  readonly network: string;
  readonly head: string;
  /** In the order of the ledger; the first is record 0, and each author's joining is among them. */
  readonly records: readonly { readonly record: LedgerRecord; readonly proof: readonly string[] }[];
}

/**
 * Which records tell the whole story of a job: the network, its parties' joining, the datasets as they were described when it started,
 * the keys under which their owners answered each other, the agreement and the job.
 * @returns indices, ascending. @throws {LedgerError} `job-unknown`.
 */
export function jobRecords(state: LedgerState, id: string): number[] {
  const job = state.job(id);
  const agreement = job && state.agreement(job.agreement);
  if (!agreement) throw new LedgerError('job-unknown', `no job ${id} was started`);
  const started = job.records[0]!;
  const indices = new Set([0, ...agreement.records, ...job.records]);
  for (const party of agreement.parties) {
    const joined = state.member(party)!.joined.filter((index) => index < agreement.proposedIndex || index === 0);
    indices.add(joined.at(-1)!);
  }
  for (const { owner, dataset } of agreement.datasets) {
    const described = state
      .dataset(owner, dataset)!
      .records.filter((index) => index < started)
      .at(-1);
    if (described !== undefined) indices.add(described);
    const ended = job.records.at(-1)!;
    for (const { partner, records } of state.oprfKeys({ owner, dataset })) {
      const published = records.filter((index) => index < ended).at(-1);
      if (published !== undefined && agreement.parties.includes(partner)) indices.add(published);
    }
  }
  return [...indices].sort((a, b) => a - b);
}

/**
 * @param of.records as the caller read them from its store, ascending, record 0 among them.
 * @param of.tree reaching at least to the head.
 */
export function makeBundle(of: {
  readonly head: SignedHead;
  readonly tree: MerkleTree;
  readonly network: string;
  readonly records: readonly LedgerRecord[];
}): LedgerBundle {
  const { head, tree, network } = of;
  const records = of.records.map((record) => ({
    record,
    proof: tree.inclusionProof({ index: record.index, size: head.size }).map(bytesToBase64),
  }));
  return { kind: 'causeway/ledger-bundle/v1', network, head: head.note, records };
}

export interface BundleReport {
  readonly network: string;
  readonly operator: string;
  /** False where the operator's key was read from the bundle instead of being given: the reader must then know it from elsewhere. */
  readonly operatorKeyGiven: boolean;
  readonly head: SignedHead;
  readonly records: readonly LedgerRecord[];
  /** Members that the bundle shows and that cosigned the head. */
  readonly cosigned: readonly Cosigned[];
}

/**
 * Verifies a bundle from outside: form, head, every inclusion proof, every entry's signature under the key with which its author joined.
 * @throws {LedgerError} `malformed-bundle`, `wrong-network`, `proof-invalid`, `signature-invalid`, `consent-invalid`, and the codes of a head
 *   or a cosignature that does not hold.
 */
export function verifyBundle(
  bundle: unknown,
  given: { readonly operatorKey?: Uint8Array | undefined } = {},
): BundleReport {
  const { network, head: note, records: items } = parseWith<LedgerBundle>(bundleSchema, bundle, 'malformed-bundle');
  const log = genesisOf(encodeRecord(items[0]!.record), given.operatorKey);
  if (log.network !== network)
    throw new LedgerError('wrong-network', `the evidence is of ${log.network}, not of ${network}`);
  const head = openHead(note, log);
  const members = new Map<string, Member>();
  let previous = -1;
  for (const { record, proof } of items) {
    const { index, entry } = record;
    if (index <= previous || (previous < 0 && index !== 0)) {
      throw new LedgerError('malformed-bundle', 'the records of the evidence do not begin at record 0 and ascend', {
        index,
      });
    }
    previous = index;
    const claim = { leafHash: leafHash(encodeRecord(record)), index, size: head.size, root: head.root };
    if (!verifyInclusion({ ...claim, proof: proof.map(base64ToBytes) })) {
      throw new LedgerError('proof-invalid', `the proof that record ${index} is in the ledger does not verify`, {
        index,
      });
    }
    checkAuthor(entry, { members, network, index });
  }
  const cosigners = [...members.values()].map(({ organisation, identityKey }) => ({
    organisation,
    key: cosignerKey({ network, organisation, publicKey: base64ToBytes(identityKey) }),
  }));
  return {
    network,
    operator: log.operator,
    operatorKeyGiven: given.operatorKey !== undefined,
    head,
    records: items.map(({ record }) => record),
    cosigned: cosignaturesOn(head.parsed, cosigners),
  };
}

/** Learns members as they join, and holds each entry against its author's key. */
function checkAuthor(entry: Entry, at: { members: Map<string, Member>; network: string; index: number }): void {
  const { members, network, index } = at;
  if (entry.network !== network)
    throw new LedgerError('wrong-network', `record ${index} is of another network`, { index });
  if (entry.type === 'network.created' && index === 0) members.set(entry.author, entry.body.operator);
  const author = members.get(entry.author);
  if (!author) {
    throw new LedgerError('malformed-bundle', `the evidence lacks the record with which ${entry.author} joined`, {
      index,
    });
  }
  if (!isEntrySignedBy(entry, author.identityKey)) {
    throw new LedgerError('signature-invalid', `record ${index} is not signed by ${entry.author}`, { index });
  }
  if (entry.type !== 'member.joined') return;
  const { member, consent } = entry.body;
  if (!verify(base64ToBytes(consent), memberConsentBytes({ network, member }), base64ToBytes(member.identityKey))) {
    throw new LedgerError('consent-invalid', `record ${index} lacks the consent of ${member.organisation}`, { index });
  }
  members.set(member.organisation, member);
}
