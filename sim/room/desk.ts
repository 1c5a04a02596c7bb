/** A node's part in its rooms, in one life: the product's own, over a simulated database, disk and engine; and what people ask of it. */
import { layoutOf } from '@causeway/core/applications/room';
import type { RoomState } from '@causeway/core/ledger';
import { QueryRefused } from '@causeway/core/policy/query';
import { NodeError } from '@causeway/server/home';
import { WorkError } from '@causeway/server/jobs/work';
import { LinkError } from '@causeway/server/link';
import type { Log } from '@causeway/server/observe';
import type { AudienceWork, WantedAudience } from '@causeway/server/questions';
import { type AudienceServices, RoomAudiences, Rooms } from '@causeway/server/rooms';
import type { Life } from '../node/life.ts';
import type { Errand } from '../node/play.ts';
import { type Party, parties } from '../scenario/organisations.ts';
import { DatabaseFailure } from '../world/database-failure.ts';
import { type Ask, outcomeOfAsk } from './asks.ts';
import type { RoomPlay } from './play.ts';
import { attributes, matching, plainTables, readRequest, requestOf, type TableRow } from './question.ts';
import { SimulatedRoomFiles } from './room-files.ts';
import { unpackRows } from './upload-rows.ts';

/** When somebody asks again. */
const againMs = 700;

export class RoomDesk implements Errand {
  readonly #play: RoomPlay;
  readonly #life: Life;
  readonly #rooms: Rooms;
  readonly #audiences: RoomAudiences;

  constructor(play: RoomPlay, life: Life) {
    this.#play = play;
    this.#life = life;
    const services = this.#services();
    this.#rooms = new Rooms(services, (room) => new SimulatedRoomFiles(life, play, room));
    this.#audiences = new RoomAudiences(services, this.#rooms, (...of) => this.#select(...of));
    this.#rooms.open();
    life.whenOpen(() => {
      for (const ask of play.asksOf(life.node.organisation)) this.pursue(ask);
    });
  }

  async stop(): Promise<void> {
    await this.#rooms.close();
  }

  /** Asks until there is an answer, or none to be had. */
  pursue(ask: Ask): void {
    if (this.#life.ledger) this.#life.guard(this.#pursue(ask));
  }

  async #pursue(ask: Ask): Promise<void> {
    const { process, stopping } = this.#life;
    while (ask.end === undefined && !stopping.aborted) {
      const { state } = this.#life.ledger!;
      const room = state.rooms().findLast(({ deletedAtMs }) => deletedAtMs === undefined);
      if (room) ask.end = await this.#asked(ask, room);
      else if (this.#isOver()) ask.end = { refused: 'room-closed' };
      if (ask.end === undefined) await process.pause(againMs);
    }
  }

  async #asked(ask: Ask, room: RoomState): Promise<Ask['end']> {
    const { node } = this.#life;
    const people = ask.kind === 'audience' ? ask.by : parties[ask.question % 2]!;
    const request = requestOf(ask.question, people);
    try {
      if (ask.kind === 'size') {
        const answer = await this.#rooms.ask(room, { request });
        if (answer.state === 'known') node.world.sometimes('a question was answered before');
        return this.#play.given(node, { kind: 'size', room: room.room, request, ...answer });
      }
      const { given, bits } = await this.#audiences.fetch(room, request);
      return this.#play.given(node, { ...given, kind: 'audience', room: room.room, request, bits });
    } catch (error) {
      node.world.trace(node.organisation, `asks ${ask.kind} ${ask.question} of ${room.room}: ${String(error)}`);
      if (error instanceof DatabaseFailure || error instanceof WorkError) return undefined;
      if (!(error instanceof LinkError || error instanceof NodeError)) throw error;
      return outcomeOfAsk(error, { isOver: this.#isOver() });
    }
  }

  /** Whether no room of the agreement will answer any more, as this node sees it. */
  #isOver(): boolean {
    const { agreement } = this.#life.node;
    const { state } = this.#life.ledger!;
    const status = state.agreementStatus(agreement, this.#life.process.clock.wallMs());
    const isRunning = state.jobs().some((job) => job.agreement === agreement && job.status === 'running');
    return !isRunning && (status === 'revoked' || status === 'expired');
  }

  #services(): AudienceServices {
    const { node, process, links } = this.#life;
    const { world, organisation } = node;
    const life = this.#life;
    const say = (event: string, fields?: object) =>
      world.trace(organisation, `log: ${event} ${String((fields as { error?: unknown })?.error ?? '')}`);
    const log: Log = { debug: say, info: say, warn: say, error: say, with: () => log };
    return {
      home: { folder: organisation, config: { organisation } },
      links,
      // A system's clock tells whole milliseconds.
      clock: { ...process.clock, wallMs: () => Math.floor(process.clock.wallMs()) },
      random: process.random,
      log,
      network: {
        get ledger() {
          if (life.ledger) return life.ledger;
          throw new NodeError('no-network', 'the ledger is not open yet', { remedy: 'ask again' });
        },
        whenOpen: (listener) => life.whenOpen(listener),
      },
      engine: {
        runReport: async ({ request }) => ({ numbers: { size: [String(await this.#count(request))] } }),
        runQuery: notAsked,
        serialiseQuery: notAsked,
        selectPersons: notAsked,
      },
      store: {
        budgets: this.#play.bookOf(node).of(process, world),
        agreements: {
          find: async () => ({ terms: this.#play.scenario.terms }) as never,
        },
        ledger: {
          range: async (first, limit) =>
            (await node.store.of(process).range(first, limit)).map((leaf) => ({ leaf: Buffer.from(leaf) })) as never,
        },
      },
    };
  }

  async #count(request: object): Promise<number> {
    const { world } = this.#life.node;
    world.moment('office compute');
    const found = matching(request, await this.#tables()).filter(Boolean).length;
    const plain = matching(request, plainTables(this.#play.scenario)).filter(Boolean).length;
    if (found !== plain) world.violation(`the room counts ${found} people, by a plain join ${plain}`);
    return found;
  }

  /** As the engine would: once and for a charge, the places of those who are in it. */
  async #select({ audience, catalogue, asker }: WantedAudience, _: unknown, { budgets, nowMs }: AudienceWork) {
    const people = readRequest(audience.request).people;
    const subjects = audience.subjects.map((one) => ({ ...one, network: catalogue.network, receivers: asker.group }));
    const key = audience.audienceKey;
    const spent = await budgets.spend({ key, subjects, vectors: [], exactTables: 1, atMs: nowMs() });
    const tables = await this.#tables();
    const found = matching(audience.request, tables);
    const isLargeEnough = found.filter(Boolean).length >= audience.k;
    if (spent.state === 'charged' || spent.state === 'pending')
      await budgets.settle(key, { status: isLargeEnough ? 'answered' : 'refused', answer: null, atMs: nowMs() });
    if (!isLargeEnough) throw new QueryRefused('audience-too-small', { rule: 'k' });
    const bits = new Uint8Array(Math.ceil(found.length / 8));
    for (const [place, isIn] of found.entries()) if (isIn) bits[place >>> 3]! |= 1 << (place & 7);
    return { places: tables[people].length, bits };
  }

  async #tables(): Promise<Readonly<Record<Party, readonly TableRow[]>>> {
    const { world, organisation } = this.#life.node;
    const room = this.#life.ledger!.state.rooms().findLast(({ deletedAtMs }) => deletedAtMs === undefined);
    const files = new SimulatedRoomFiles(this.#life, this.#play, room!.room);
    const [brand, media] = await Promise.all(
      parties.map(async (party, index) => {
        const bytes = await files.table(index);
        if (!bytes) world.violation(`${organisation} is asked of a room whose tables are gone`);
        return unpackRows(layoutOf(this.#play.scenario.terms, attributes[party].table), bytes ?? new Uint8Array(0));
      }),
    );
    return { brand: brand!, media: media! };
  }
}

async function notAsked(): Promise<never> {
  throw new Error('nobody asks that in a simulation');
}
