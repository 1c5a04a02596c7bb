/**
 * One run: a brand, a media and an office on one virtual clock, which match or load and ask a room, with everything that one seed has go wrong. The code under test is the
 * product's; replaced are time, the network, the disk, the database and the source of randomness.
 */

import type { Canary } from './canary.ts';
import type { Rarity } from './check/rarities.ts';
import type { Nodes } from './check/rule.ts';
import { MatchPlay } from './match/play.ts';
import { drawMatch } from './match/scenario.ts';
import type { Play } from './node/play.ts';
import { SimulatedNode } from './node/simulated-node.ts';
import type { Wish } from './node/wish.ts';
import { RoomPlay } from './room/play.ts';
import { drawRoom } from './room/scenario.ts';
import { description, firstRecords } from './scenario/first-records.ts';
import type { Happening, Moment, What } from './scenario/happenings.ts';
import { type Organisation, organisations } from './scenario/organisations.ts';
import type { Setting } from './scenario/setting.ts';
import { noTrace, recordTrace, type Trace } from './world/trace.ts';
import { VirtualTime } from './world/virtual-time.ts';
import { World } from './world/world.ts';

export interface Run {
  readonly seed: number;
  /** The rules that the run has broken: empty for a run that is right. */
  readonly violations: readonly string[];
  /** What happened, where it was asked for. */
  readonly trace: readonly string[];
  /** How each job ended: `finished`, or the code of its failure. */
  readonly endings: readonly string[];
  readonly met: ReadonlySet<Rarity>;
  readonly crashCount: number;
  readonly eventCount: number;
  readonly frameCount: number;
  readonly virtualMs: number;
}

/** Faults come until here; what began before lasts as long as it was meant to. */
const faultsUntilMs = 8000;
/** How long everything may take to come to rest after the last fault [F44]. */
const restWithinMs = 60_000;

interface Options {
  readonly trace?: boolean;
  readonly canary?: Canary;
}

/** What can be run, each with seeds of its own. */
export const plays = {
  match: (seed: number): Play => new MatchPlay(drawMatch(seed)),
  room: (seed: number): Play => new RoomPlay(drawRoom(seed)),
} as const;
export type PlayName = keyof typeof plays;

/** Runs a seed. The same seed gives the same run. */
export async function simulate(name: PlayName, seed: number, options: Options = {}): Promise<Run> {
  return new Simulation(plays[name](seed), options).run();
}

class Simulation {
  readonly #play: Play;
  readonly #setting: Setting;
  readonly #time = new VirtualTime();
  readonly #world: World;
  readonly #nodes: Nodes;
  readonly #lines: readonly string[];
  readonly #canary: Canary | undefined;
  readonly #apart = new Map<string, number>();
  #waiting: Happening[];
  readonly #reachedCount = new Map<Moment, number>();
  #healed = false;
  /** Until when the last fault lasts. */
  #calmFromMs = faultsUntilMs;
  #silentMs = 0;
  #crashCount = 0;

  constructor(play: Play, options: Options) {
    this.#play = play;
    this.#setting = play.setting;
    let trace: Trace = noTrace;
    this.#lines = [];
    if (options.trace) ({ trace, lines: this.#lines } = recordTrace(() => this.#time.nowMs));
    this.#world = new World(play, {
      time: this.#time,
      trace,
      canary: options.canary,
      onMoment: (moment) => this.#reached(moment),
    });
    const node = (organisation: Organisation) => new SimulatedNode(organisation, this.#world);
    this.#nodes = { office: node('office'), brand: node('brand'), media: node('media') };
    this.#canary = options.canary;
    this.#waiting = play.setting.happenings.filter(({ when }) => 'moment' in when);
  }

  async run(): Promise<Run> {
    const { seed, happenings } = this.#setting;
    await this.#prepare();
    for (const { when, what } of happenings) {
      if ('atMs' in when) this.#time.after(when.atMs, () => this.#happen(what));
    }
    this.#time.after(faultsUntilMs, () => this.#heal());
    this.#ask();
    const end = await this.#time.run(
      () => this.#world.violations.length > 0 || (this.#healed && this.#atRest()),
      () => Math.max(this.#calmFromMs, this.#play.endsByMs) + restWithinMs,
    );
    if (end !== 'over') this.#world.violation(`nothing may hang: after ${this.#time.nowMs} ms ${this.#unrest()}`);
    if (this.#canary === 'record-altered') this.#nodes.media.store.kept.leaves[3]![20]! ^= 1;
    if (this.#world.violations.length === 0) this.#play.check(this.#world, this.#nodes, { silentMs: this.#silentMs });
    return {
      seed,
      violations: this.#world.violations,
      trace: this.#lines,
      endings: this.#endings(),
      met: this.#world.met,
      crashCount: this.#crashCount,
      eventCount: this.#time.eventCount,
      frameCount: this.#world.line.frameCount,
      virtualMs: this.#time.nowMs,
    };
  }

  /** The network stands, and so does the agreement. */
  async #prepare(): Promise<void> {
    const { members, operator } = this.#setting;
    const { leaves, head } = firstRecords(this.#play.proposal, operator);
    for (const organisation of organisations) {
      const { store } = this.#nodes[organisation];
      if (organisation === operator) for (const leaf of leaves) this.#world.committed(operator, leaf);
      else if (members === 'empty') continue;
      store.kept.leaves.push(...leaves.map((leaf) => leaf.slice()));
      store.kept.head = head;
    }
    for (const organisation of organisations) this.#nodes[organisation].boot();
  }

  /** People ask for what is run, and publish datasets. */
  #ask(): void {
    const { publications, lists } = this.#setting;
    this.#play.ask(this.#world, this.#nodes);
    const someId = lists.brand.flat().find((id) => id !== undefined) ?? 'nobody';
    for (const { by, atMs, dataset } of publications) {
      this.#wish(by, atMs, {
        type: 'dataset.published',
        body: async () => ({ dataset, name: this.#canary === 'identifier-on-ledger' ? someId : dataset, description }),
        passing: [],
        taken: ['duplicate-entry'],
      });
    }
  }

  #wish(by: Organisation, atMs: number, wish: Wish): void {
    this.#time.after(atMs, () => this.#nodes[by].wish(wish));
  }

  #reached(moment: Moment): void {
    if (this.#healed || this.#waiting.length === 0) return;
    const count = (this.#reachedCount.get(moment) ?? 0) + 1;
    this.#reachedCount.set(moment, count);
    const due = this.#waiting.filter(({ when }) => 'moment' in when && when.moment === moment && when.nth === count);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((happening) => !due.includes(happening));
    for (const { when, what } of due) {
      if ('moment' in when) this.#time.after(when.delayMs, () => this.#happen(what));
    }
  }

  #happen(what: What): void {
    if (this.#healed) return;
    const { trace, network } = this.#world;
    trace('fate', JSON.stringify(what));
    switch (what.kind) {
      case 'crash':
        this.#crash(what.node, what.downMs);
        break;
      case 'stop':
        this.#stop(what.node, what.downMs);
        break;
      case 'cut':
        network.cut(...what.between);
        break;
      case 'partition':
        this.#separate(what.between, what.forMs);
        break;
      case 'isolate':
        for (const other of organisations) if (other !== what.node) this.#separate([what.node, other], what.forMs);
        break;
      case 'release':
        this.#play.failReleases(this.#nodes[what.node], what.failureCount);
        break;
      case 'disk':
        this.#nodes[what.node].disk.fail({ code: what.code, operationCount: what.operationCount });
        break;
      case 'store':
        this.#nodes[what.node].store.fail(what.faults);
        break;
      case 'cancel':
        this.#cancel(what.by);
        break;
      case 'revoke':
        this.#nodes[what.by].wish({
          type: 'agreement.revoked',
          body: async () => ({ agreement: this.#nodes[what.by].agreement }),
          passing: [],
          taken: [],
        });
        break;
    }
  }

  #crash(organisation: Organisation, downMs: number): void {
    const node = this.#nodes[organisation];
    if (!node.up) return;
    this.#crashCount += 1;
    node.crash();
    this.#lasts(downMs);
    if (this.#canary !== 'node-never-returns') this.#time.after(downMs, () => node.boot());
  }

  #stop(organisation: Organisation, downMs: number): void {
    const node = this.#nodes[organisation];
    if (!node.up) return;
    this.#lasts(downMs);
    void node.stop().then(() => this.#time.after(downMs, () => node.boot()));
  }

  #separate(between: readonly [Organisation, Organisation], forMs: number): void {
    const pair = [...between].sort().join(' ');
    const { network, trace } = this.#world;
    this.#apart.set(pair, (this.#apart.get(pair) ?? 0) + 1);
    network.partition(...between);
    this.#lasts(forMs);
    this.#time.after(forMs, () => {
      this.#apart.set(pair, this.#apart.get(pair)! - 1);
      if (this.#apart.get(pair)! > 0) return;
      trace('network', `${pair} are together again`);
      network.heal(...between);
    });
  }

  #lasts(forMs: number): void {
    this.#silentMs += forMs;
    this.#calmFromMs = Math.max(this.#calmFromMs, this.#time.nowMs + forMs);
  }

  /** Somebody cancels whatever job runs. */
  #cancel(by: Organisation): void {
    const node = this.#nodes[by];
    for (const job of this.#jobs()) {
      if (this.#world.ending(job)?.status !== 'running') continue;
      node.wish({
        type: 'job.failed',
        body: async () => ({ job, code: 'cancelled', exchanged: true }),
        passing: [],
        taken: [],
      });
    }
  }

  #heal(): void {
    this.#world.trace('fate', 'no more faults');
    this.#healed = true;
    this.#world.line.heal();
    for (const organisation of organisations) {
      this.#nodes[organisation].disk.repair();
      this.#nodes[organisation].store.repair();
      this.#play.failReleases(this.#nodes[organisation], 0);
    }
  }

  #atRest(): boolean {
    const size = this.#nodes[this.#setting.operator].store.kept.leaves.length;
    return (
      this.#play.isDone(this.#nodes) &&
      organisations.every((name) => this.#nodes[name].idle && this.#nodes[name].store.kept.leaves.length === size) &&
      organisations.every((name) => this.#nodes[name].ledger?.state.size === size) &&
      this.#jobs().every((job) => this.#play.parties.every((party) => hasEnded(this.#nodes[party], job)))
    );
  }

  #unrest(): string {
    const nodes = organisations.map((name) => {
      const { up, idle, ledger, wishes } = this.#nodes[name];
      const open = wishes.filter(({ granted }) => granted === undefined).map(({ type }) => type);
      return `${name}: ${up ? '' : 'down, '}${idle ? 'idle' : 'busy'}, ${ledger?.state.size} records, waits for [${open}]`;
    });
    return `${nodes.join('; ')}; jobs: ${this.#endings().join(', ')}`;
  }

  #jobs(): string[] {
    return this.#world.records.flatMap(({ entry }) => (entry.type === 'job.started' ? [entry.body.job] : []));
  }

  #endings(): string[] {
    return this.#jobs().map((job) => {
      const { status } = this.#world.ending(job)!;
      if (status !== 'failed') return status;
      const first = this.#world.records.find(({ entry }) => entry.type === 'job.failed' && entry.body.job === job);
      return first?.entry.type === 'job.failed' ? first.entry.body.code : status;
    });
  }
}

function hasEnded({ jobs }: SimulatedNode, job: string): boolean {
  const row = jobs.rows.get(job);
  return row !== undefined && row.status !== 'running';
}
