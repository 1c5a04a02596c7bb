/**
 * What the ledger's state remembers, and the form of its rules. A rule checks everything first and returns what is to be written, so an
 * entry that is refused leaves no trace.
 */
import type { Bodies, DatasetDescription, EntryType } from './bodies.ts';
import type { EntryOf } from './entry.ts';
import { LedgerError } from './error.ts';

export interface NetworkState {
  readonly id: string;
  readonly name: string;
  /** The organisation that runs the sequencer. */
  readonly operator: string;
}

export interface MemberState {
  readonly organisation: string;
  /** As people write it; another one may follow. */
  name: string;
  readonly identityKey: string;
  tlsFingerprint: string;
  endpoint: string | undefined;
  status: 'active' | 'left';
  /** Indices of the records that let it in; the last is the present one, earlier ones are of memberships that ended. */
  readonly joined: readonly number[];
  /** `at` of the entry that let it in, in milliseconds. */
  readonly joinedAtMs: number;
  /** `at` of the latest entry that described it, in milliseconds. */
  changedAtMs: number;
  /** Indices of the records that speak of it. */
  readonly records: number[];
}

export interface DatasetState {
  readonly owner: string;
  readonly dataset: string;
  name: string;
  description: DatasetDescription;
  status: 'published' | 'withdrawn';
  changedAtMs: number;
  readonly records: number[];
}

export interface AgreementState {
  readonly agreement: string;
  readonly parties: readonly string[];
  readonly datasets: readonly { readonly owner: string; readonly dataset: string }[];
  readonly operation: Bodies['agreement.proposed']['operation'];
  /** Who keeps the room, where the agreement is on one. */
  readonly room: string | undefined;
  /** Who takes part without being a member: its key signs, under a name that follows from it. */
  readonly guest: { readonly name: string; readonly key: string } | undefined;
  readonly usesMax: number;
  readonly expiresAtMs: number;
  readonly proposedBy: string;
  readonly proposedIndex: number;
  /** The proposer first. */
  readonly signedBy: string[];
  rejectedBy: string | undefined;
  revokedBy: string | undefined;
  /** Uses consumed: taken when a job starts, given back only where all parties say that nothing was exchanged. */
  usesTaken: number;
  runningJob: string | undefined;
  readonly records: number[];
}

export interface JobFailure {
  readonly organisation: string;
  readonly code: string;
  readonly exchanged: boolean;
}

export interface JobState {
  readonly job: string;
  readonly agreement: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  status: 'running' | 'finished' | 'failed';
  outcome: string | undefined;
  /** In the order in which they were told; one a party. */
  readonly failures: JobFailure[];
  /** Digests of the results that parties released, one a party. */
  readonly released: { readonly organisation: string; readonly digest: string }[];
  readonly records: number[];
}

export interface BudgetState {
  readonly owner: string;
  readonly subjects: string;
  readonly receivers: string;
  /** Of the last grant. */
  readonly period: number;
  readonly rho: number;
  readonly renewableAtMs: number;
  readonly records: number[];
}

export interface RoomState {
  /** Id of the job that loads it. */
  readonly room: string;
  readonly agreement: string;
  readonly keeper: string;
  readonly key: string;
  /** Contributors that have seen the key. */
  readonly joined: string[];
  /** Digests of manifests, one a contributor. */
  readonly uploads: { readonly organisation: string; readonly manifest: string }[];
  /** Questions that were answered, each once. */
  readonly answers: { readonly question: string; readonly result: string }[];
  /** Audiences that were given, each once. */
  readonly audiences: { readonly audience: string; readonly result: string; readonly receiver: string }[];
  deletedAtMs: number | undefined;
  readonly acknowledged: { readonly organisation: string; readonly says: 'seen' | 'objects' }[];
}

export interface OprfKeyState {
  readonly owner: string;
  readonly dataset: string;
  readonly form: string;
  readonly partner: string;
  /** Of the newest key. */
  epoch: number;
  publicKey: string;
  /** Indices of the records that published its keys, one an epoch. */
  readonly records: number[];
}

export interface Books {
  network: NetworkState | undefined;
  readonly members: Map<string, MemberState>;
  /** By `owner/dataset`. */
  readonly datasets: Map<string, DatasetState>;
  readonly agreements: Map<string, AgreementState>;
  readonly jobs: Map<string, JobState>;
  readonly rooms: Map<string, RoomState>;
  /** Every key of a room: none comes back. */
  readonly roomKeys: Set<string>;
  /** By `owner/subjects/receivers`. */
  readonly budgets: Map<string, BudgetState>;
  readonly oprfKeys: Map<string, OprfKeyState>;
  /** Every key of a table that was ever published: none comes back. */
  readonly oprfPublicKeys: Set<string>;
  /** Every identity key that was ever a member's: none comes back. */
  readonly identityKeys: Set<string>;
}

/** Where and when an entry would stand. */
export interface Place {
  readonly index: number;
  readonly sequencedAtMs: number;
}

/** Writes what a rule has admitted. */
export type Commit = () => void;

/** @throws {LedgerError} with the code of the rule that forbids the entry. */
export type Rule<Type extends EntryType> = (books: Books, entry: EntryOf<Type>, place: Place) => Commit;

/** A member that has not left. @throws {LedgerError} `not-a-member`. */
export function activeMember(books: Books, organisation: string): MemberState {
  const member = books.members.get(organisation);
  if (member?.status === 'active') return member;
  throw new LedgerError('not-a-member', `${organisation} is ${member ? 'no longer' : 'not'} a member of the network`);
}
