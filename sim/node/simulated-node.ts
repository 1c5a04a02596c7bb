/** One organisation's node: what outlives its processes, and the process that runs now, if one does. */
import type { NetworkLedger } from '@causeway/server/ledger';
import type { Organisation } from '../scenario/organisations.ts';
import { SimulatedDisk } from '../world/disk.ts';
import { DurableTable } from '../world/durable-table.ts';
import { SimulatedLedgerStore } from '../world/ledger-store.ts';
import { Luck } from '../world/luck.ts';
import { Process } from '../world/process.ts';
import type { World } from '../world/world.ts';
import { type JobRow, Life } from './life.ts';
import type { Released } from './released.ts';
import type { Wish } from './wish.ts';

export class SimulatedNode {
  readonly organisation: Organisation;
  readonly world: World;
  readonly disk: SimulatedDisk;
  readonly store: SimulatedLedgerStore;
  /** By job. */
  readonly results: DurableTable<Released>;
  readonly jobs: DurableTable<JobRow>;
  readonly wishes: Wish[] = [];
  /** Jobs of which something was handed to a channel, in any life. */
  readonly sent = new Set<string>();
  #life: Life | undefined;
  #lifeCount = 0;

  constructor(organisation: Organisation, world: World) {
    this.organisation = organisation;
    this.world = world;
    const luck = (part: string) => new Luck(`sim/${world.setting.seed}/${organisation}/${part}`);
    const trace = (_: string, what: string) => world.trace(organisation, what);
    this.disk = new SimulatedDisk({
      luck: luck('disk'),
      latencyMsMax: world.setting.diskMsMax,
      trace,
      sometimes: (rarity) => world.sometimes(rarity),
    });
    this.disk.syncs = world.canary !== 'disk-never-syncs';
    this.store = new SimulatedLedgerStore(luck('store'), (leaf) => world.committed(organisation, leaf));
    const database = luck('database');
    this.results = new DurableTable(database);
    this.jobs = new DurableTable(database);
  }

  get agreement(): string {
    return this.world.play.proposal.agreement;
  }

  get up(): boolean {
    return this.#life !== undefined;
  }

  get ledger(): NetworkLedger | undefined {
    return this.#life?.ledger;
  }

  /** Whether the node is up and has nothing left to do. */
  get idle(): boolean {
    return this.#life?.idle === true && this.wishes.every(({ granted }) => granted !== undefined);
  }

  boot(): void {
    this.#lifeCount += 1;
    this.world.trace(this.organisation, `boots, life ${this.#lifeCount}`);
    const { setting, time, network } = this.world;
    const process = new Process(time, {
      name: `sim/${setting.seed}/${this.organisation}/life ${this.#lifeCount}`,
      skewMs: setting.clockSkewMs[this.organisation],
    });
    this.#life = new Life(this, process, network.node(this.organisation));
  }

  /** As `kill -9` and a loss of power at once: memory is gone, and with it what was not synced. */
  crash(): void {
    this.world.trace(this.organisation, 'crashes');
    this.#life?.kill();
    this.#life = undefined;
    this.world.network.kill(this.organisation);
    this.disk.crash();
  }

  /** As a signal to end would: jobs are interrupted, then the process ends. Resolves when it has. */
  async stop(): Promise<void> {
    this.world.trace(this.organisation, 'stops');
    const life = this.#life;
    await life?.stop();
    // It may have crashed meanwhile.
    if (life === undefined || this.#life !== life) return;
    life.kill();
    this.#life = undefined;
    this.world.network.kill(this.organisation);
    this.world.trace(this.organisation, 'has stopped');
  }

  wish(wish: Wish): void {
    this.wishes.push(wish);
    this.#life?.pursue(wish);
  }
}
