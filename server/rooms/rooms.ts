/**
 * Rooms after they were loaded: the keeper answers questions of receivers until the agreement ends, by anybody's word or by its date, and then erases
 * all of it. What a room may do is what the ledger says of it now.
 */
import { createHash, createHmac } from 'node:crypto';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import { CrawlerListError, ReportRefused } from '@causeway/core/applications/request';
import { askerOf, catalogueOf, type RoomTerms } from '@causeway/core/applications/room';
import { RuleError } from '@causeway/core/applications/select';
import { bytesToHex } from '@causeway/core/bytes';
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import { decodeRecord, LedgerError, type LedgerRecord, type RoomState } from '@causeway/core/ledger';
import { BudgetRefused } from '@causeway/core/policy';
import { type Preview, QueryRefused } from '@causeway/core/policy/query';
import type { RandomSource } from '@causeway/core/random';
import { z } from 'zod';
import type { Engine } from '../engine/index.ts';
import { type Home, NodeError } from '../home/index.ts';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import type { NetworkLedger } from '../ledger/index.ts';
import { CallRefused, type LinkClock, LinkError, type Links } from '../link/index.ts';
import type { Log } from '../observe/index.ts';
import {
  AnswerGuard,
  answerQuestion,
  answerReport,
  previewQuestion,
  previewReport,
  type QuestionData,
  type ReportPreview,
} from '../questions/index.ts';
import type { Store } from '../store/index.ts';
import { type KeptAnswer, type RoomFiles, RoomFolder } from './room-folder.ts';

export type RoomStatus = 'loading' | 'answering' | 'closing' | 'closed';

/** A question in SQL, or a report as `core/applications/request` has it. */
export type Asked = { readonly statement: string } | { readonly request: unknown };

/** What rooms need of the node that keeps them, or asks them. */
export interface RoomServices {
  readonly home: Pick<Home, 'folder'> & { readonly config: Pick<Home['config'], 'organisation'> };
  readonly links: Links;
  readonly clock: LinkClock;
  readonly random: RandomSource;
  readonly log: Log;
  readonly network: {
    /** @throws {NodeError} `no-network`. */
    readonly ledger: NetworkLedger;
    /** Calls the listener with the ledger, now or as soon as there is one. */
    whenOpen(listener: (ledger: NetworkLedger) => void): void;
  };
  readonly engine: Pick<Engine, 'serialiseQuery' | 'runQuery' | 'runReport'>;
  readonly store: Pick<Store, 'budgets'> & {
    readonly agreements: Pick<Store['agreements'], 'find'>;
    readonly ledger: Pick<Store['ledger'], 'range'>;
  };
}

/** A room that this node keeps, while something is made of it. */
export interface OpenRoom {
  readonly room: RoomState;
  readonly terms: RoomTerms;
  readonly folder: RoomFiles;
  readonly data: QuestionData;
  /** Ends when the node stops. */
  readonly signal: AbortSignal;
}

/** What a question would cost and give, or a report. */
export type RoomPreview = Preview | ReportPreview;

/** What a receiver is given: the answer, and what it needs to hold it against the ledger. */
export interface RoomAnswer extends Omit<KeptAnswer, 'atMs' | 'statement'> {
  readonly state: 'answered' | 'known';
}

const room = z.string().max(63);
const asked = z.union([
  z.strictObject({ room, statement: z.string().max(16_384) }),
  z.strictObject({ room, request: z.unknown() }),
]);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const askCall: CallForm<z.infer<typeof asked>, RoomAnswer> = {
  method: 'room.ask',
  question: asked,
  answer: z.strictObject({
    question: digest,
    result: digest,
    salt: digest,
    state: z.enum(['answered', 'known']),
    rho: z.int().min(0),
    numbers: z.unknown(),
    answer: z.unknown(),
  }),
};
const previewCall: CallForm<z.infer<typeof asked>, { preview: RoomPreview }> = {
  method: 'room.preview',
  question: asked,
  answer: z.strictObject({ preview: z.custom<RoomPreview>((value) => typeof value === 'object' && value !== null) }),
};

const timeLimitMs = 120_000;
/** Of a call that a keeper computes something for. */
export const callTimeoutMs = 180_000;
/** How often the keeper looks whether an agreement has expired. */
const lookEveryMs = 1_000;

export class Rooms {
  readonly #services: RoomServices;
  readonly #folderOf: (room: string) => RoomFiles;
  readonly #guards = new Map<string, AnswerGuard>();
  /** Rooms that are being erased now. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly #acknowledging = new Set<string>();
  /** Questions at work, which an erasure waits for: none writes into a folder that is gone. */
  readonly #working = new Map<string, Set<Promise<unknown>>>();
  /** Answers on their way to the disk and the ledger, by room and question: who asks the same meanwhile is given the same. */
  readonly #telling = new Map<string, Promise<KeptAnswer>>();
  readonly #stopping = new AbortController();
  #cancelLook = () => {};

  /** @param folderOf what a node keeps of a room. */
  constructor(
    services: RoomServices,
    folderOf: (room: string) => RoomFiles = (room) => new RoomFolder(services.home.folder, room),
  ) {
    this.#services = services;
    this.#folderOf = folderOf;
    services.links.onCall(askCall.method, (peer, body) =>
      refusable(async () => {
        const { room: id, ...question } = readQuestion(askCall, body);
        return encodeBody(await this.#answer(id, question, peer));
      }),
    );
    services.links.onCall(previewCall.method, (peer, body) =>
      refusable(async () => {
        const { room: id, ...question } = readQuestion(previewCall, body);
        return encodeBody({ preview: await this.#preview(id, question, peer) });
      }),
    );
  }

  /** Follows the ledger: grants of budgets, ends of agreements, deletions. */
  open(): void {
    this.#services.network.whenOpen((ledger) => {
      ledger.onRecord((record) => this.#follow(record));
      void this.#takeGrants(ledger);
      this.#look(ledger);
    });
  }

  async close(): Promise<void> {
    this.#cancelLook();
    this.#stopping.abort();
    await Promise.allSettled([...this.#closing.values(), ...[...this.#working.values()].flatMap((set) => [...set])]);
  }

  statusOf(room: RoomState): RoomStatus {
    const { ledger } = this.#services.network;
    if (room.deletedAtMs !== undefined) return 'closed';
    if (this.#hasEnded(room)) return 'closing';
    return ledger.state.job(room.room)?.status === 'finished' ? 'answering' : 'loading';
  }

  /** Asks a room: here, where this node keeps it, or at its keeper. @throws {NodeError} {QueryRefused} {BudgetRefused} {LinkError} */
  async ask(room: RoomState, question: Asked): Promise<RoomAnswer> {
    const { home, clock } = this.#services;
    const answer = await this.#atKeeper(room, askCall, { room: room.room, ...question }, () =>
      this.#answer(room.room, question, home.config.organisation),
    );
    const { state: _, ...kept } = answer;
    const statement = textOf(question);
    await this.#folderOf(room.room).keepAnswer({ ...kept, statement, atMs: clock.wallMs() });
    return answer;
  }

  /** What a question would cost and give now. @throws as {@link ask} does. */
  async preview(room: RoomState, question: Asked): Promise<RoomPreview> {
    const { organisation } = this.#services.home.config;
    const answer = await this.#atKeeper(room, previewCall, { room: room.room, ...question }, async () => ({
      preview: await this.#preview(room.room, question, organisation),
    }));
    return answer.preview;
  }

  /** Answers that this node was given. */
  answers(room: string): Promise<KeptAnswer[]> {
    return this.#folderOf(room).answers();
  }

  async #atKeeper<Q, A>(room: RoomState, call: CallForm<Q, A>, question: Q, here: () => Promise<A>): Promise<A> {
    const { home, links } = this.#services;
    if (room.keeper === home.config.organisation) return here();
    const link = await links.to(room.keeper, { timeoutMs: 10_000 });
    return readAnswer(call, await link.call(call.method, encodeBody(question), { timeoutMs: callTimeoutMs }));
  }

  async #answer(id: string, asked: Asked, peer: string): Promise<RoomAnswer> {
    return this.working(id, (open) => this.release(open, asked, peer));
  }

  /** Works on a room that this node keeps and that answers now: it is not erased meanwhile. @throws {NodeError} `room-closed` */
  async working<T>(id: string, work: (open: OpenRoom) => Promise<T>): Promise<T> {
    // Counted as at work before it is asked whether the room answers: an erasure comes before that, or waits.
    const done = this.#open(id).then(work);
    const working = this.#working.get(id) ?? new Set();
    this.#working.set(id, working.add(done));
    try {
      return await done;
    } finally {
      working.delete(done);
    }
  }

  /** @throws {NodeError} `room-closed` */
  async #open(id: string): Promise<OpenRoom> {
    const { room, terms } = await this.#answering(id);
    const folder = this.#folderOf(id);
    const guard = this.#guardOf(id, folder, terms);
    const data = { tables: folder.tableFiles(terms), audiences: [], secret: await folder.secret(), guard, timeLimitMs };
    return { room, terms, folder, data, signal: this.#stopping.signal };
  }

  /** @throws {NodeError} `not-a-receiver`; what questions and reports throw. */
  async release({ room, terms, folder, data }: OpenRoom, asked: Asked, peer: string): Promise<RoomAnswer> {
    requireReceiver(terms, peer);
    const answered = await this.#compute(room, terms, asked, data);
    const name = ledgerName(data.secret, `question ${answered.key}`);
    const kept = await this.#once(`${room.room} ${name}`, () =>
      this.#tell({ room, terms, folder }, { name, answered, statement: textOf(asked) }),
    );
    return { ...withoutText(kept), rho: answered.rho, answer: answered.answer, state: answered.state };
  }

  #once(what: string, tell: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const telling = this.#telling.get(what) ?? tell().finally(() => this.#telling.delete(what));
    this.#telling.set(what, telling);
    return telling;
  }

  /** Keeps an answer with its salt, and names it on the ledger: both once. */
  async #tell(
    { room, terms, folder }: Pick<OpenRoom, 'room' | 'terms' | 'folder'>,
    of: { readonly name: string; readonly answered: Computed; readonly statement: string },
  ): Promise<KeptAnswer> {
    const { name, answered, statement } = of;
    const kept = (await folder.answer(name)) ?? (await this.#keep(folder, name, answered, statement));
    const { ledger } = this.#services.network;
    if (!ledger.state.room(room.room)!.answers.some(({ question }) => question === name))
      await this.#sayAnswered(room.room, kept, terms);
    return kept;
  }

  async #compute(room: RoomState, terms: RoomTerms, asked: Asked, data: QuestionData): Promise<Computed> {
    const { engine, store, clock } = this.#services;
    const work = { engine, budgets: store.budgets, nowMs: () => clock.wallMs(), signal: this.#stopping.signal };
    const rules = rulesOf(terms, room.room);
    if ('statement' in asked) {
      const { queryKey: key, ...answered } = await answerQuestion({ ...rules, statement: asked.statement }, data, work);
      return { ...answered, key };
    }
    const {
      reportKey: key,
      state,
      rho,
      cost,
      numbers,
      report,
    } = await answerReport({ ...rules, request: asked.request }, data, work);
    return { key, state: state === 'known' ? state : 'answered', rho, cost, numbers, answer: report };
  }

  async #keep(folder: RoomFiles, question: string, answered: Computed, statement: string): Promise<KeptAnswer> {
    const salt = bytesToHex(this.#services.random.bytes(32));
    const { numbers, answer, cost } = answered;
    const kept: KeptAnswer = {
      question,
      result: resultDigest(salt, numbers),
      salt,
      statement,
      atMs: this.#services.clock.wallMs(),
      rho: cost,
      numbers,
      answer,
    };
    await folder.keepAnswer(kept);
    return kept;
  }

  /** Before the numbers leave. @throws {LedgerError} where the room may not answer any more. */
  async #sayAnswered(room: string, { question, result, rho }: KeptAnswer, { receivers }: RoomTerms): Promise<void> {
    try {
      await this.#services.network.ledger.append('room.answered', { room, question, result, receivers, rho });
    } catch (error) {
      if (!(error instanceof LedgerError && error.code === 'already-reported')) throw error;
    }
  }

  async #preview(id: string, asked: Asked, peer: string): Promise<RoomPreview> {
    const { terms } = await this.#answering(id);
    requireReceiver(terms, peer);
    const { engine, store } = this.#services;
    const work = { engine, budgets: store.budgets, signal: this.#stopping.signal };
    const rules = rulesOf(terms, id);
    return 'statement' in asked
      ? previewQuestion({ ...rules, statement: asked.statement }, work)
      : previewReport({ ...rules, request: asked.request }, work);
  }

  /** @throws {NodeError} `room-closed` unless the room answers now. */
  async #answering(id: string): Promise<{ room: RoomState; terms: RoomTerms }> {
    const { home, network, store } = this.#services;
    const room = network.ledger.state.room(id);
    const terms = room && (await roomTermsOf(store, room));
    if (!room || !terms || room.keeper !== home.config.organisation)
      throw new NodeError('room-closed', 'this node keeps no such room');
    const status = this.statusOf(room);
    if (status !== 'answering') {
      throw new NodeError('room-closed', `the room is ${status} and answers no question`, {
        remedy: status === 'loading' ? 'ask again when its job has finished' : 'agree on a new room',
      });
    }
    // A grant that came with the record before may not have been taken in yet.
    await this.#takeGrants(network.ledger);
    return { room, terms };
  }

  #guardOf(room: string, folder: RoomFiles, { exactGuard }: RoomTerms): AnswerGuard {
    const known = this.#guards.get(room);
    if (known) return known;
    const guard = new AnswerGuard({ folder: folder.guard, isStrict: exactGuard === 'strict' });
    this.#guards.set(room, guard);
    return guard;
  }

  #follow({ entry }: LedgerRecord): void {
    const { ledger } = this.#services.network;
    switch (entry.type) {
      case 'budget.granted':
        void this.#takeGrants(ledger);
        break;
      case 'agreement.revoked':
      case 'job.failed':
      case 'member.left':
        this.#closeEnded(ledger);
        break;
      case 'room.deleted':
        void this.#acknowledge(entry.body.room);
        break;
    }
  }

  /** Takes in every grant in the order of the ledger: one that is skipped would hold up all that follow. */
  async #takeGrants(ledger: NetworkLedger): Promise<void> {
    const { store, log } = this.#services;
    const { network } = ledger.log;
    for (const { owner, subjects, receivers, records } of ledger.state.budgets()) {
      for (const index of records) {
        const [leaf] = await store.ledger.range(index, 1);
        const { entry } = leaf ? decodeRecord(new Uint8Array(leaf.leaf)) : { entry: undefined };
        if (entry?.type !== 'budget.granted') continue;
        const { period, rho, renewableAt } = entry.body;
        const renewableAtMs = Date.parse(renewableAt);
        await store.budgets
          .grant({ owner, subjects, receivers, network, period, rho, renewableAtMs })
          .catch((error: unknown) => log.error('a grant could not be taken in', { error }));
      }
    }
  }

  /** An agreement ends by its date too, and nobody says so. */
  #look(ledger: NetworkLedger): void {
    this.#closeEnded(ledger);
    for (const { room, deletedAtMs } of ledger.state.rooms())
      if (deletedAtMs !== undefined) void this.#acknowledge(room);
    this.#cancelLook = this.#services.clock.after(lookEveryMs, () => this.#look(ledger));
  }

  #closeEnded(ledger: NetworkLedger): void {
    for (const room of ledger.state.rooms()) {
      const isOurs = room.keeper === this.#services.home.config.organisation && room.deletedAtMs === undefined;
      if (isOurs && this.#hasEnded(room)) void this.#erase(room);
    }
  }

  /** Whether the room is to be erased: its agreement has ended, or its loading has failed. */
  #hasEnded({ room, agreement }: RoomState): boolean {
    const { network, clock } = this.#services;
    const { state } = network.ledger;
    const status = state.agreementStatus(agreement, clock.wallMs());
    const job = state.job(room)?.status;
    return job === 'failed' || (job === 'finished' && (status === 'revoked' || status === 'expired'));
  }

  /** First erased, then said: a crash in between erases again what is gone. */
  #erase({ room }: RoomState): Promise<void> {
    const known = this.#closing.get(room);
    if (known) return known;
    const { network, log } = this.#services;
    const work = async () => {
      await Promise.allSettled(this.#working.get(room) ?? []);
      this.#guards.delete(room);
      await this.#folderOf(room).erase();
      await network.ledger.append('room.deleted', { room });
      log.info('a room was erased', { job: room });
    };
    const done = work()
      .catch((error: unknown) => {
        // The ledger's operator or the disk: looked at again in a while.
        if (!(error instanceof LedgerError)) log.warn('a room could not be erased yet', { job: room, error });
      })
      .finally(() => this.#closing.delete(room));
    this.#closing.set(room, done);
    return done;
  }

  /** A contributor takes note of the deletion, once. */
  async #acknowledge(id: string): Promise<void> {
    const { home, network } = this.#services;
    const { organisation } = home.config;
    const room = network.ledger.state.room(id);
    const isDone = room?.acknowledged.some((one) => one.organisation === organisation);
    if (!room || isDone || room.keeper === organisation || this.#acknowledging.has(id)) return;
    if (!network.ledger.state.agreement(room.agreement)?.parties.includes(organisation)) return;
    this.#acknowledging.add(id);
    try {
      await this.#folderOf(id).forgetPlaces();
      await network.ledger.append('room.acknowledged', { room: id, says: 'seen' });
    } catch {
      // Said already, or not to be reached now: looked at again in a while.
    } finally {
      this.#acknowledging.delete(id);
    }
  }
}

/** The terms that this node signed of a room; undefined where it is no party of it. */
export async function roomTermsOf(
  { agreements }: Pick<RoomServices['store'], 'agreements'>,
  { agreement }: RoomState,
): Promise<RoomTerms | undefined> {
  const terms = (await agreements.find(agreement))?.terms as AgreementTerms | undefined;
  return terms?.operation === 'room' ? terms : undefined;
}

function requireReceiver(terms: RoomTerms, peer: string): void {
  if (terms.receivers.includes(peer)) return;
  throw new NodeError('not-a-receiver', `${peer} is no receiver of answers of this room`, {
    remedy: 'the agreement names who may ask',
  });
}

/**
 * The name by which the ledger shows that something was given, and not what: whoever knows its text could otherwise find it there.
 * @param secret of the room.
 */
export function ledgerName(secret: Uint8Array, of: string): string {
  return createHmac('sha256', secret).update(of).digest('hex');
}

/** @returns SHA-256 over the salt and the canonical numbers, in hexadecimal: what the ledger says of a result. */
export function resultDigest(salt: string, numbers: unknown): string {
  return createHash('sha256')
    .update(Buffer.from(salt, 'hex'))
    .update(canonicalBytes(numbers as JsonValue))
    .digest('hex');
}

/** An answer to a question or a report, by one name. */
interface Computed {
  readonly key: string;
  readonly state: 'answered' | 'known';
  /** What this call charged. */
  readonly rho: number;
  /** What was charged for it in all: what the ledger says. */
  readonly cost: number;
  readonly numbers: unknown;
  readonly answer: unknown;
}

function rulesOf(terms: RoomTerms, room: string) {
  return { catalogue: catalogueOf(terms, room), asker: askerOf(terms) };
}

/** What was asked, as it is kept beside its answer. */
function textOf(asked: Asked): string {
  return 'statement' in asked ? asked.statement : JSON.stringify(asked.request);
}

function withoutText({ statement: _, atMs: __, ...rest }: KeptAnswer): Omit<KeptAnswer, 'statement' | 'atMs'> {
  return rest;
}

/** What a rule of the room refuses is told to the one who asked, in its words. */
export async function refusable(work: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LinkError || error instanceof CallRefused) throw error;
    const isTold =
      error instanceof QueryRefused ||
      error instanceof BudgetRefused ||
      error instanceof ReportRefused ||
      error instanceof RuleError ||
      error instanceof CrawlerListError ||
      error instanceof NodeError ||
      error instanceof LedgerError;
    if (isTold) throw new CallRefused({ code: error.code, detail: error.message.slice(0, 1000) });
    throw error;
  }
}
