/**
 * The state machine of the ledger: which entry is admissible after which others. It is deterministic, reads no clock, and every node
 * replays it, so the sequencer cannot let in what the rules forbid without every mirror noticing.
 */
import type { JsonValue } from '../json/index.ts';
import {
  type AgreementStatus,
  agreementProposed,
  agreementRejected,
  agreementRevoked,
  agreementSigned,
  agreementStatus,
} from './agreements.ts';
import { type DeepReadonly, type EntryType, parseTime } from './bodies.ts';
import type * as books from './books.ts';
import { activeMember, type Books, type Commit, type Place, type Rule } from './books.ts';
import { budgetGranted } from './budgets.ts';
import { datasetKey, datasetPublished, datasetWithdrawn } from './datasets.ts';
import { type Entry, isEntrySignedBy } from './entry.ts';
import { LedgerError } from './error.ts';
import { jobFailed, jobFinished, jobStarted, resultReleased } from './jobs.ts';
import { memberJoined, memberLeft, memberUpdated, networkCreated } from './members.ts';
import { type OprfKeyScope, oprfKey, oprfKeyPublished } from './oprf-keys.ts';
import type { LedgerRecord } from './record.ts';
import {
  roomAcknowledged,
  roomAnswered,
  roomDeleted,
  roomJoined,
  roomOpened,
  roomSelected,
  roomUploaded,
} from './rooms.ts';

export type NetworkState = books.NetworkState;
export type MemberState = DeepReadonly<books.MemberState>;
export type DatasetState = DeepReadonly<books.DatasetState>;
export type AgreementState = DeepReadonly<books.AgreementState>;
export type JobState = DeepReadonly<books.JobState>;
export type BudgetState = DeepReadonly<books.BudgetState>;
export type OprfKeyState = DeepReadonly<books.OprfKeyState>;
export type RoomState = DeepReadonly<books.RoomState>;

/** How far the author's time and the sequencer's may lie apart. */
export const clockSkewMaxMs = 5 * 60 * 1000;

const rules: { readonly [Type in EntryType]: Rule<Type> } = {
  'network.created': networkCreated,
  'member.joined': memberJoined,
  'member.updated': memberUpdated,
  'member.left': memberLeft,
  'dataset.published': datasetPublished,
  'dataset.withdrawn': datasetWithdrawn,
  'agreement.proposed': agreementProposed,
  'agreement.signed': agreementSigned,
  'agreement.rejected': agreementRejected,
  'agreement.revoked': agreementRevoked,
  'job.started': jobStarted,
  'job.finished': jobFinished,
  'job.failed': jobFailed,
  'result.released': resultReleased,
  'room.opened': roomOpened,
  'room.joined': roomJoined,
  'room.uploaded': roomUploaded,
  'room.answered': roomAnswered,
  'room.selected': roomSelected,
  'room.deleted': roomDeleted,
  'room.acknowledged': roomAcknowledged,
  'budget.granted': budgetGranted,
  'oprf-key.published': oprfKeyPublished,
};

export interface ApplyOptions {
  /**
   * `trusted` leaves out the signature of the entry itself: only for records that this node has checked before and whose root it signed.
   * Every other rule is replayed.
   */
  readonly signatures?: 'verified' | 'trusted';
}

export class LedgerState {
  readonly #books: Books = {
    network: undefined,
    members: new Map(),
    datasets: new Map(),
    agreements: new Map(),
    jobs: new Map(),
    rooms: new Map(),
    roomKeys: new Set(),
    budgets: new Map(),
    oprfKeys: new Map(),
    oprfPublicKeys: new Set(),
    identityKeys: new Set(),
  };
  /** Signatures of the entries that are young enough to be sent again, with the time at which they came, oldest first. */
  readonly #recent = new Map<string, number>();
  #size = 0;
  #sequencedAt = 0;

  /** Records applied. */
  get size(): number {
    return this.#size;
  }

  /** Of the last record, milliseconds since the epoch; 0 before the first. */
  get sequencedAt(): number {
    return this.#sequencedAt;
  }

  /**
   * Whether an entry could be the next record.
   * @param entry of the right form (`parseEntry`).
   * @param sequencedAt milliseconds since the epoch.
   * @throws {LedgerError} with the code of the rule that forbids it.
   */
  admit(entry: Entry, sequencedAt: number): void {
    this.#rule(entry, sequencedAt, 'verified');
  }

  /**
   * Takes the next record.
   * @throws {LedgerError} with the code of the rule that it breaks; the state is then as it was.
   */
  apply({ entry, index, sequencedAt }: LedgerRecord, { signatures = 'verified' }: ApplyOptions = {}): void {
    if (index !== this.#size) {
      throw new LedgerError('wrong-index', `expected record ${this.#size}, got record ${index}`, { index });
    }
    const commit = this.#rule(entry, sequencedAt, signatures);
    commit();
    this.#size += 1;
    this.#sequencedAt = sequencedAt;
    this.#remember(entry, sequencedAt);
  }

  get network(): NetworkState | undefined {
    return this.#books.network;
  }

  /** Members that have not left, in the order in which they joined. */
  members(): MemberState[] {
    return [...this.#books.members.values()].filter(({ status }) => status === 'active');
  }

  /** A member, also one that has left. */
  member(organisation: string): MemberState | undefined {
    return this.#books.members.get(organisation);
  }

  /** Published datasets, of one owner or of all. */
  datasets(of: { readonly owner?: string } = {}): DatasetState[] {
    return [...this.#books.datasets.values()].filter(
      ({ owner, status }) => status === 'published' && (of.owner === undefined || of.owner === owner),
    );
  }

  /** A dataset, also one that was withdrawn. */
  dataset(owner: string, dataset: string): DatasetState | undefined {
    return this.#books.datasets.get(datasetKey(owner, dataset));
  }

  agreements(of: { readonly party?: string } = {}): AgreementState[] {
    return [...this.#books.agreements.values()].filter(
      ({ parties }) => of.party === undefined || parties.includes(of.party),
    );
  }

  agreement(id: string): AgreementState | undefined {
    return this.#books.agreements.get(id);
  }

  /** What an agreement is worth at a time (milliseconds since the epoch), or undefined for one that was never proposed. */
  agreementStatus(id: string, atMs: number): AgreementStatus | undefined {
    const agreement = this.#books.agreements.get(id);
    return agreement && agreementStatus(agreement, atMs);
  }

  jobs(of: { readonly agreement?: string } = {}): JobState[] {
    return [...this.#books.jobs.values()].filter(
      ({ agreement }) => of.agreement === undefined || agreement === of.agreement,
    );
  }

  job(id: string): JobState | undefined {
    return this.#books.jobs.get(id);
  }

  /** Budgets of an owner's people, or of all; each as its last grant left it. */
  budgets(of: { readonly owner?: string } = {}): BudgetState[] {
    return [...this.#books.budgets.values()].filter(({ owner }) => of.owner === undefined || of.owner === owner);
  }

  rooms(of: { readonly agreement?: string } = {}): RoomState[] {
    return [...this.#books.rooms.values()].filter(
      ({ agreement }) => of.agreement === undefined || agreement === of.agreement,
    );
  }

  /** A room, by the id of the job that loads it. */
  room(id: string): RoomState | undefined {
    return this.#books.rooms.get(id);
  }

  /** The newest key that an owner has published for a partner. */
  oprfKey(scope: OprfKeyScope): OprfKeyState | undefined {
    return oprfKey(this.#books, scope);
  }

  /** The newest key of each form of a dataset, for each partner. */
  oprfKeys(of: { readonly owner: string; readonly dataset: string }): OprfKeyState[] {
    return [...this.#books.oprfKeys.values()].filter(
      ({ owner, dataset }) => owner === of.owner && dataset === of.dataset,
    );
  }

  /** All that the state knows, as plain JSON: two states with the same snapshot admit the same entries. */
  snapshot(): JsonValue {
    const {
      network,
      members,
      datasets,
      agreements,
      jobs,
      rooms,
      roomKeys,
      budgets,
      oprfKeys,
      oprfPublicKeys,
      identityKeys,
    } = this.#books;
    const all = {
      size: this.#size,
      sequencedAt: this.#sequencedAt,
      network,
      members: [...members.values()],
      datasets: [...datasets.values()],
      agreements: [...agreements.values()],
      jobs: [...jobs.values()],
      rooms: [...rooms.values()],
      roomKeys: [...roomKeys],
      budgets: [...budgets.values()],
      oprfKeys: [...oprfKeys.values()],
      oprfPublicKeys: [...oprfPublicKeys],
      identityKeys: [...identityKeys],
      recent: [...this.#recent],
    };
    return JSON.parse(JSON.stringify(all));
  }

  /** Whether an entry with this signature was applied so lately that it would be refused as a duplicate. */
  isRecent(signature: string): boolean {
    return this.#recent.has(signature);
  }

  #rule(entry: Entry, sequencedAt: number, signatures: 'verified' | 'trusted'): Commit {
    const place = { index: this.#size, sequencedAtMs: sequencedAt };
    this.#checkTime(entry, place);
    this.#checkAuthor(entry, signatures);
    const commit = ruleOf(entry.type)(this.#books, entry, place);
    // After the rule, so that a repeated entry is told by the rule that it breaks, `job-exists` above all.
    if (this.#recent.has(entry.signature)) {
      throw new LedgerError('duplicate-entry', 'this very entry is on the ledger already', { index: place.index });
    }
    return commit;
  }

  #checkTime(entry: Entry, { index, sequencedAtMs }: Place): void {
    if (sequencedAtMs < this.#sequencedAt) {
      throw new LedgerError('time-reversed', `record ${index} is dated before the record that it follows`, { index });
    }
    if (Math.abs(sequencedAtMs - parseTime(entry.at)) <= clockSkewMaxMs) return;
    const sequenced = new Date(sequencedAtMs).toISOString();
    throw new LedgerError(
      'clock-skew',
      `the entry of ${entry.author} says ${entry.at}, the sequencer's clock ${sequenced}: more than 5 minutes apart; set the clocks`,
      { index, pointer: '/at' },
    );
  }

  #checkAuthor(entry: Entry, signatures: 'verified' | 'trusted'): void {
    const { network } = this.#books;
    if (!network && entry.type !== 'network.created') {
      throw new LedgerError('network-missing', 'the first record of a ledger makes its network');
    }
    if (network && entry.network !== network.id) {
      throw new LedgerError('wrong-network', `the entry of ${entry.author} is of another network`, {
        pointer: '/network',
      });
    }
    const key =
      !network && entry.type === 'network.created'
        ? entry.body.operator.identityKey
        : activeMember(this.#books, entry.author).identityKey;
    if (signatures === 'trusted' || isEntrySignedBy(entry, key)) return;
    throw new LedgerError('signature-invalid', `the entry is not signed by ${entry.author}`, {
      index: this.#size,
      pointer: '/signature',
    });
  }

  /** An entry can come again only while its own time is near the sequencer's; after that the clock rule refuses it. */
  #remember(entry: Entry, sequencedAt: number): void {
    for (const [signature, at] of this.#recent) {
      if (sequencedAt - at <= 2 * clockSkewMaxMs) break;
      this.#recent.delete(signature);
    }
    this.#recent.set(entry.signature, sequencedAt);
  }
}

/** The rules' table and the entries' union agree by construction, which the compiler cannot see through an index. */
function ruleOf(type: EntryType): (books: Books, entry: Entry, place: Place) => Commit {
  return rules[type] as (books: Books, entry: Entry, place: Place) => Commit;
}
