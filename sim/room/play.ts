/** A room that the office keeps for the brand and the media: loaded, asked, closed and erased. */
import { agreementId } from '@causeway/core/applications/agreement';
import { roomParties } from '@causeway/core/applications/room';
import type { Bodies } from '@causeway/core/ledger';
import { ContributeJob, KeepJob } from '@causeway/server/jobs/room';
import type { WorkFolder } from '@causeway/server/jobs/work';
import { placesDigest, resultDigest } from '@causeway/server/rooms';
import type { Injected, Nodes } from '../check/rule.ts';
import type { Life } from '../node/life.ts';
import type { Play } from '../node/play.ts';
import type { SimulatedNode } from '../node/simulated-node.ts';
import { type Organisation, organisations } from '../scenario/organisations.ts';
import { Luck } from '../world/luck.ts';
import type { World } from '../world/world.ts';
import type { Ask } from './asks.ts';
import { BudgetBook } from './budgets.ts';
import { checkRoom } from './check.ts';
import { RoomDesk } from './desk.ts';
import { contributePorts, keepPorts, roomRun } from './ports.ts';
import { matching, plainTables, readRequest } from './question.ts';
import { keeper, type RoomScenario } from './scenario.ts';

/** An answer, or an audience, as it came to the one who asked. */
export type Given = {
  readonly room: string;
  readonly request: object;
  readonly result: string;
  readonly salt: string;
} & (
  | { readonly kind: 'size'; readonly question: string; readonly numbers: unknown }
  | { readonly kind: 'audience'; readonly audience: string; readonly bits: Uint8Array }
);

export class RoomPlay implements Play {
  readonly scenario: RoomScenario;
  readonly parties = organisations;
  /** Secrets that rooms have drawn. */
  readonly secrets: Uint8Array[] = [];
  readonly #asks: Ask[] = [];
  readonly #books = new Map<Organisation, BudgetBook>();
  readonly #desks = new Map<Organisation, RoomDesk>();
  /** What was given first, by room and request. */
  readonly #given = new Map<string, string>();

  readonly proposal: Bodies['agreement.proposed'];

  constructor(scenario: RoomScenario) {
    this.scenario = scenario;
    const { terms } = scenario;
    this.proposal = {
      agreement: agreementId(terms),
      parties: [...roomParties(terms)],
      datasets: terms.contributors.map(({ organisation, dataset }) => ({ owner: organisation, dataset })),
      operation: 'room',
      room: terms.room,
      usesMax: terms.limits.usesMax,
      expiresAt: terms.limits.expiresAt,
    };
  }

  get setting(): RoomScenario {
    return this.scenario;
  }

  /** The keeper looks at its own clock. */
  get endsByMs(): number {
    const { expiresMs, closing, clockSkewMs } = this.scenario;
    return expiresMs === undefined
      ? closing.atMs
      : Math.max(closing.atMs, expiresMs + Math.max(...Object.values(clockSkewMs).map((skewMs) => -skewMs)));
  }

  ask(world: World, nodes: Nodes): void {
    const { starts, asks, closing } = this.scenario;
    const { agreement } = this.proposal;
    for (const { by, atMs, job, again } of starts) {
      world.time.after(atMs, () =>
        nodes[by].wish({
          type: 'job.started',
          body: async () => ({ job, agreement }),
          passing: again ? ['agreement-busy', 'room-open'] : [],
          taken: ['job-exists'],
        }),
      );
    }
    for (const asked of asks) {
      const ask: Ask = { ...asked };
      world.time.after(ask.atMs, () => {
        this.#asks.push(ask);
        if (nodes[ask.by].up) this.#desks.get(ask.by)?.pursue(ask);
      });
    }
    world.time.after(closing.atMs, () =>
      nodes[closing.by].wish({
        type: 'agreement.revoked',
        body: async () => ({ agreement }),
        passing: [],
        taken: ['agreement-revoked'],
      }),
    );
  }

  async attempt(life: Life, job: string, of: { folder: WorkFolder; signal: AbortSignal }): Promise<void> {
    const run = roomRun(this, job);
    if (life.node.organisation === keeper)
      await new KeepJob(run, keepPorts(this, life, job), of.folder, of.signal).run();
    else await new ContributeJob(run, contributePorts(this, life, job), of.folder, of.signal).run();
  }

  noteResumption({ world, disk, organisation }: SimulatedNode, job: string): void {
    const has = (name: string) => disk.contentOf(job, name) !== undefined;
    if (organisation === keeper) {
      const received = disk.namesIn(job).filter((name) => name.endsWith('.held'));
      if (received.some((name) => !has(name.replace(/held$/, 'manifest'))))
        world.sometimes('an upload went on in the middle');
      if (has('loaded')) world.sometimes('a room was found loaded');
    } else if (has('manifest') && !has('uploaded')) world.sometimes('a sealed upload was found');
  }

  begin(life: Life): RoomDesk {
    const desk = new RoomDesk(this, life);
    this.#desks.set(life.node.organisation, desk);
    return desk;
  }

  failReleases(node: SimulatedNode, failureCount: number): void {
    node.results.fail(failureCount);
    this.bookOf(node).fail(failureCount);
  }

  isDone(nodes: Nodes): boolean {
    const rooms = nodes[this.scenario.operator].ledger?.state.rooms();
    return (
      rooms !== undefined &&
      this.#asks.length === this.scenario.asks.length &&
      this.#asks.every(({ end }) => end !== undefined) &&
      rooms.every(({ deletedAtMs, acknowledged }) => deletedAtMs !== undefined && acknowledged.length === 2)
    );
  }

  check(world: World, nodes: Nodes, injected: Injected): void {
    checkRoom(this, world, nodes, injected);
  }

  asksOf(organisation: Organisation): readonly Ask[] {
    return this.#asks.filter(({ by }) => by === organisation);
  }

  bookOf({ organisation }: SimulatedNode): BudgetBook {
    const known = this.#books.get(organisation);
    if (known) return known;
    const made = new BudgetBook(new Luck(`sim/room/${this.scenario.seed}/${organisation}/budgets`));
    this.#books.set(organisation, made);
    return made;
  }

  /** Somebody has been given something: it stands on the ledger, it is right, and it is what anybody else was given for it. */
  given({ world, organisation }: SimulatedNode, given: Given): { readonly given: string } {
    const { room, request, result } = given;
    const rule = (holds: boolean, what: string) => {
      if (!holds)
        world.violation(
          `${organisation} was given ${given.kind === 'size' ? 'an answer' : 'an audience'} of ${room}: ${what}`,
        );
    };
    const named = world.records.some(
      ({ entry }) =>
        (given.kind === 'size' &&
          entry.type === 'room.answered' &&
          entry.body.room === room &&
          entry.body.question === given.question &&
          entry.body.result === result) ||
        (given.kind === 'audience' &&
          entry.type === 'room.selected' &&
          entry.body.room === room &&
          entry.body.audience === given.audience &&
          entry.body.result === result),
    );
    rule(named, 'it does not stand on the ledger');
    rule(world.ending(room)?.status === 'finished', 'its job has not finished');
    if (given.kind === 'size')
      rule(resultDigest(given.salt, given.numbers) === result, 'its numbers are not those of the ledger');
    else this.#checkAudience(given, rule);
    const content = JSON.stringify([result, given.kind === 'size' ? given.numbers : [...given.bits]]);
    const key = JSON.stringify([room, given.kind, request]);
    const first = this.#given.get(key) ?? content;
    this.#given.set(key, first);
    rule(first === content, 'another one than was given for it before');
    world.trace(organisation, `was given ${given.kind} ${result.slice(0, 8)} of ${room}`);
    return { given: result };
  }

  #checkAudience(given: Given & { readonly kind: 'audience' }, rule: (holds: boolean, what: string) => void): void {
    const { bits, salt, result, request } = given;
    const people = readRequest(request).people;
    rule(people === this.scenario.terms.activation?.receiver, 'it is of rows of somebody else');
    rule(placesDigest(salt, bits) === result, 'its places are not those of the ledger');
    const plain = matching(request, plainTables(this.scenario));
    const count = plain.length;
    for (let place = 0; place < bits.length * 8; place++) {
      const isIn = ((bits[place >>> 3]! >>> (place & 7)) & 1) === 1;
      if (isIn !== (place < count && plain[count - 1 - place]!))
        rule(false, `place ${place} is wrong, by a plain join`);
    }
  }
}
