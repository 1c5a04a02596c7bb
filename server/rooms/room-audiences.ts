/**
 * Audiences of rooms. The keeper finds who is in one and says so on the ledger; the one contributor that the agreement names is given which of its own rows
 * they are, as places in its upload, which it alone can bring back to rows. Everybody who contributes may see the rule, and the number that the estimate told.
 */
import { createHash } from 'node:crypto';
import { compileAudience, parseReportRequest, resolveSelection } from '@causeway/core/applications/request';
import {
  audienceAskerOf,
  catalogueOf,
  type RoomActivation,
  type RoomTerms,
  roomParties,
} from '@causeway/core/applications/room';
import { bytesToHex } from '@causeway/core/bytes';
import { LedgerError, type RoomState } from '@causeway/core/ledger';
import { z } from 'zod';
import type { Engine } from '../engine/index.ts';
import { NodeError } from '../home/index.ts';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { answerAudience } from '../questions/index.ts';
import type { KeptAudience } from './room-folder.ts';
import {
  callTimeoutMs,
  ledgerName,
  type OpenRoom,
  type RoomServices,
  type Rooms,
  refusable,
  roomTermsOf,
} from './rooms.ts';

/** What everybody who contributes may see of an audience. */
export type AudienceTold = Pick<KeptAudience, 'audience' | 'result' | 'receiver' | 'words' | 'size' | 'atMs'>;

/** What audiences need of the node that gives them, or is given one. */
export type AudienceServices = RoomServices & { readonly engine: Pick<Engine, 'selectPersons'> };

const room = z.string().max(63);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const words = z.strictObject({ en: z.string().max(100_000), zh: z.string().max(100_000) });
const told = {
  audience: digest,
  result: digest,
  receiver: z.string().max(63),
  words,
  size: z.array(words).max(100),
  atMs: z.int().min(0),
};

const selectCall: CallForm<{ room: string; request: unknown }, Omit<KeptAudience, 'request'>> = {
  method: 'room.select',
  question: z.strictObject({ room, request: z.unknown() }),
  answer: z.strictObject({
    ...told,
    salt: digest,
    places: z
      .int()
      .min(1)
      .max(2 ** 32),
  }),
};
/** A part of an audience's bits. */
const partCall: CallForm<{ room: string; audience: string; part: number }, { bits: string }> = {
  method: 'room.audience',
  question: z.strictObject({ room, audience: digest, part: z.int().min(0).max(4096) }),
  answer: z.strictObject({ bits: z.base64().max(400_000) }),
};
const listCall: CallForm<{ room: string }, { items: AudienceTold[] }> = {
  method: 'room.audiences',
  question: z.strictObject({ room }),
  answer: z.strictObject({ items: z.array(z.strictObject(told)).max(64) }),
};

/** A call's answer, in Base64, stays below a frame. */
const partBytes = 128 * 1024;

export class RoomAudiences {
  readonly #services: AudienceServices;
  readonly #rooms: Rooms;
  readonly #compute: typeof answerAudience;
  /** One audience at a time in a room, so that none is counted past the limit. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param compute finds who is in an audience, on the disk of this machine. */
  constructor(services: AudienceServices, rooms: Rooms, compute = answerAudience) {
    this.#services = services;
    this.#rooms = rooms;
    this.#compute = compute;
    const { links } = services;
    links.onCall(selectCall.method, (peer, body) =>
      refusable(async () => {
        const { room: id, request } = readQuestion(selectCall, body);
        const { request: _, ...given } = await this.#give(id, request, peer);
        return encodeBody(given);
      }),
    );
    links.onCall(partCall.method, (peer, body) =>
      refusable(async () => {
        const { room: id, audience, part } = readQuestion(partCall, body);
        const { kept, bits } = await rooms.working(id, async ({ folder, room }) => {
          const isOnLedger = room.audiences.some((one) => one.audience === audience);
          return (isOnLedger ? await folder.audience(audience) : undefined) ?? unknownAudience();
        });
        if (kept.receiver !== peer) throw notTheReceiver(peer);
        const bytes = bits.subarray(part * partBytes, (part + 1) * partBytes);
        return encodeBody({ bits: Buffer.from(bytes).toString('base64') });
      }),
    );
    links.onCall(listCall.method, (peer, body) =>
      refusable(async () => {
        const { room: id } = readQuestion(listCall, body);
        return encodeBody({ items: await this.#told(id, peer) });
      }),
    );
  }

  /**
   * Has an audience made of the own rows.
   * @returns what was given, and one bit for each place of the own upload.
   * @throws {NodeError} `not-a-receiver`, `conflict`; {LinkError} with what the keeper refuses.
   */
  async fetch(room: RoomState, wanted: unknown): Promise<{ readonly given: KeptAudience; readonly bits: Uint8Array }> {
    const { home, links } = this.#services;
    const { organisation } = home.config;
    const terms = await this.#terms(room);
    if (terms.activation?.receiver !== organisation) throw notTheReceiver(organisation);
    const { request } = resolveSelection(parseReportRequest(wanted), catalogueOf(terms, room.room));
    const link = await links.to(room.keeper, { timeoutMs: 10_000 });
    const ask = async <Q, A>(call: CallForm<Q, A>, question: Q) =>
      readAnswer(call, await link.call(call.method, encodeBody(question), { timeoutMs: callTimeoutMs }));
    const given = await ask(selectCall, { room: room.room, request });
    const parts: Uint8Array[] = [];
    for (let part = 0; part * partBytes * 8 < given.places; part++) {
      const { bits } = await ask(partCall, { room: room.room, audience: given.audience, part });
      parts.push(Buffer.from(bits, 'base64'));
    }
    const bits = new Uint8Array(Buffer.concat(parts));
    await this.#requireOnLedger(room, given, bits);
    return { given: { ...given, request }, bits };
  }

  /** Audiences that were given of a room, as everybody who contributes may see them. */
  async list(room: RoomState): Promise<AudienceTold[]> {
    const { home, links } = this.#services;
    const { organisation } = home.config;
    if (room.keeper === organisation) return this.#told(room.room, organisation);
    const link = await links.to(room.keeper, { timeoutMs: 10_000 });
    const answer = await link.call(listCall.method, encodeBody({ room: room.room }), { timeoutMs: callTimeoutMs });
    return readAnswer(listCall, answer).items;
  }

  async #give(id: string, request: unknown, peer: string): Promise<KeptAudience> {
    const turn = (this.#turns.get(id) ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#rooms.working(id, (open) => this.#make(open, request, peer)));
    this.#turns.set(id, turn);
    return turn;
  }

  async #make(open: OpenRoom, request: unknown, peer: string): Promise<KeptAudience> {
    const { engine, store, clock } = this.#services;
    const { room, terms, folder, data, signal } = open;
    const { activation } = terms;
    if (activation?.receiver !== peer) throw notTheReceiver(peer);
    const [catalogue, asker] = [catalogueOf(terms, room.room), audienceAskerOf(terms)];
    const compiled = compileAudience({ request: parseReportRequest(request), catalogue, asker });
    const audience = ledgerName(data.secret, `audience ${compiled.audienceKey}`);
    requireRoom(room, activation, audience);
    // First the estimate, on the budget: it is the number that all others learn.
    const estimate = await this.#rooms.release(open, { request: compiled.request }, peer);
    const size = (estimate.answer as { readonly words: KeptAudience['size'] }).words;
    await folder.makeAudiences();
    const made = await this.#compute(
      { audience: compiled, catalogue, asker },
      { ...data, places: folder.places, folder: folder.audiences },
      { engine, budgets: store.budgets, nowMs: () => clock.wallMs(), signal },
    );
    const known = await folder.audience(audience);
    const salt = known?.kept.salt ?? bytesToHex(this.#services.random.bytes(32));
    const result = placesDigest(salt, made.bits);
    const told = { audience, result, salt, receiver: peer, places: made.places, request: compiled.request };
    const all = { ...told, words: compiled.words, size, atMs: known?.kept.atMs ?? clock.wallMs() };
    if (!known) await folder.keepAudience(all, made.bits);
    await this.#say(room, { audience, result, receiver: peer });
    return all;
  }

  /** Before any row leaves. @throws {LedgerError} where the room may give nothing any more. */
  async #say(room: RoomState, of: { audience: string; result: string; receiver: string }): Promise<void> {
    try {
      await this.#services.network.ledger.append('room.selected', { room: room.room, ...of });
    } catch (error) {
      if (!(error instanceof LedgerError && error.code === 'already-reported')) throw error;
    }
  }

  async #told(id: string, peer: string): Promise<AudienceTold[]> {
    return this.#rooms.working(id, async ({ room, terms, folder }) => {
      const isParty = roomParties(terms).includes(peer);
      if (!isParty) throw new NodeError('not-a-receiver', `${peer} does not take part in this room`);
      const found = await Promise.all(room.audiences.map(({ audience }) => folder.audience(audience)));
      return found.flatMap((one) => {
        if (!one) return [];
        const { salt: _, places: __, request: ___, ...told } = one.kept;
        return [told];
      });
    });
  }

  /** The rows have to be those that the keeper named on the ledger. */
  async #requireOnLedger(
    { room, keeper }: RoomState,
    given: Pick<KeptAudience, 'audience' | 'result' | 'salt' | 'places'>,
    bits: Uint8Array,
  ): Promise<void> {
    const { ledger } = this.#services.network;
    const find = () => ledger.state.room(room)?.audiences.find(({ audience }) => audience === given.audience);
    if (!find()) await ledger.sync();
    const isWhole = bits.length === Math.ceil(given.places / 8) && placesDigest(given.salt, bits) === given.result;
    if (isWhole && find()?.result === given.result) return;
    throw new NodeError('conflict', `what ${keeper} gave is not the audience that it named on the ledger`, {
      remedy: 'nothing was kept; ask again, and tell the others if it happens again',
      partner: keeper,
    });
  }

  async #terms(room: RoomState): Promise<RoomTerms> {
    const terms = await roomTermsOf(this.#services.store, room);
    if (terms) return terms;
    throw new NodeError('room-closed', 'this node does not know the terms of this room');
  }
}

/** Each audience tells one more yes or no of every row: there are no more of them than was agreed. */
function requireRoom(room: RoomState, { audiencesMax }: RoomActivation, name: string): void {
  const isKnown = room.audiences.some(({ audience }) => audience === name);
  if (isKnown || room.audiences.length < audiencesMax) return;
  throw new NodeError('conflict', `all ${audiencesMax} audiences that the agreement allows were given`, {
    remedy: 'agree on a new room',
  });
}

/** @returns SHA-256 over the salt and the bits, in hexadecimal: what the ledger says of an audience. */
export function placesDigest(salt: string, bits: Uint8Array): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(bits).digest('hex');
}

function notTheReceiver(peer: string): NodeError {
  return new NodeError('not-a-receiver', `${peer} is not the one who is given audiences of this room`, {
    remedy: 'the agreement names who is, if anybody',
  });
}

function unknownAudience(): never {
  throw new NodeError('conflict', 'no such audience was given of this room');
}
