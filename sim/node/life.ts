/**
 * What a node does from its start on: opens its ledger from its store, goes on with every job in which its part is not done, takes up
 * those that it meets on the ledger, and erases what an ended job left on the disk.
 */
import type { JobState } from '@causeway/core/ledger';
import { JobCalls, JobFailure, JobPaused, JobStopped } from '@causeway/server/jobs/life';
import { OneAtATime } from '@causeway/server/jobs/match/oprf';
import { WorkError, type WorkFolder } from '@causeway/server/jobs/work';
import { NetworkLedger } from '@causeway/server/ledger';
import type { Links } from '@causeway/server/link';
import { forgetful } from '../canary.ts';
import { keyPairs, logOf, type Organisation } from '../scenario/organisations.ts';
import type { Process } from '../world/process.ts';
import type { Errand } from './play.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { pursue, type Wish } from './wish.ts';

/** When somebody resumes a job that was paused. */
const resumeAfterMs = 2000;
const stopWithinMs = 30_000;

export class Life {
  readonly node: SimulatedNode;
  readonly process: Process;
  readonly links: Links;
  readonly calls: JobCalls;
  /** Of work on the node's tables. */
  readonly order = new OneAtATime();
  readonly #running = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #errand: Errand;
  readonly #openListeners: ((ledger: NetworkLedger) => void)[] = [];
  #ledger: NetworkLedger | undefined;

  constructor(node: SimulatedNode, process: Process, links: Links) {
    this.node = node;
    this.process = process;
    this.links = links;
    this.calls = new JobCalls(links);
    this.#errand = node.world.play.begin(this);
    this.guard(this.#open());
  }

  get ledger(): NetworkLedger | undefined {
    return this.#ledger;
  }

  /** Aborts when the node is to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Calls the listener with the ledger as soon as it is open. */
  whenOpen(listener: (ledger: NetworkLedger) => void): void {
    if (this.#ledger) listener(this.#ledger);
    else this.#openListeners.push(listener);
  }

  get idle(): boolean {
    return this.#ledger !== undefined && this.#running.size === 0;
  }

  kill(): void {
    this.process.kill();
  }

  /** Interrupts all jobs. Resolves when they have let go of everything. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#errand.stop();
    for (let waitedMs = 0; this.#running.size > 0; waitedMs += 10) {
      if (waitedMs > stopWithinMs) this.node.world.violation(`${this.node.organisation} does not stop`);
      await this.process.pause(10);
    }
  }

  pursue(wish: Wish): void {
    if (this.#ledger !== undefined) this.guard(pursue(wish, this.#ledger, this.process));
  }

  async #open(): Promise<void> {
    const { organisation, store, world } = this.node;
    const ledger = await NetworkLedger.open({
      log: logOf(world.setting.operator),
      organisation,
      keyPair: keyPairs[organisation],
      store: store.of(this.process),
      links: this.links,
      clock: this.process.clock,
      onAlarm: (alarm) => world.violation(`${organisation} raised an alarm: ${alarm.code}: ${alarm.message}`),
    });
    this.#ledger = ledger;
    world.trace(organisation, `ledger open at ${ledger.state.size}`);
    for (const listener of this.#openListeners) listener(ledger);
    ledger.onRecord(({ entry, index }) => {
      world.trace(organisation, `has record ${index}: ${entry.type} of ${entry.author}`);
      if (entry.type === 'job.started') this.#take(entry.body.job);
    });
    const open = ledger.state.jobs().filter((job) => this.#isParty && !hasSaid(job, organisation));
    for (const { job } of open) this.#take(job);
    // Ended ones as well: their files may be back, where a crash came right after they were erased.
    for (const job of this.node.jobs.rows.keys()) this.#take(job);
    for (const wish of this.node.wishes) this.pursue(wish);
  }

  #take(job: string): void {
    if (!this.#isParty || this.#running.has(job) || this.#stopping.signal.aborted) return;
    this.#running.add(job);
    this.guard(this.#run(job).finally(() => this.#running.delete(job)));
  }

  /** All attempts at a job; what becomes of it is on record when this returns. */
  async #run(job: string): Promise<void> {
    const { world, jobs, disk, organisation: party } = this.node;
    const place = disk.folder(job, this.process);
    const folder = world.canary === 'exchange-denied' ? forgetful(place) : place;
    const kept = await jobs.putOnce(job, { status: 'running', attempt: 1 }, this.process);
    let row: JobRow = kept.row;
    if (!kept.isNew && row.status === 'running') this.#noteResumption(job);
    for (; row.status === 'running'; await jobs.put(job, row, this.process)) {
      world.trace(party, `runs ${job}, attempt ${row.attempt}`);
      try {
        await world.play.attempt(this, job, { folder, signal: this.#stopping.signal });
        world.trace(party, `${job} is done`);
        row = { ...row, status: 'finished' };
      } catch (error) {
        if (error instanceof JobStopped) return;
        world.trace(party, `${job} ended with ${String(error)}, ${String((error as Error).cause ?? '')}`);
        row = { attempt: row.attempt + 1, status: error instanceof JobPaused ? 'running' : 'failed' };
        if (error instanceof JobPaused) world.sometimes('a paused job went on');
        if (error instanceof JobPaused) await this.process.pause(resumeAfterMs);
        else if (!(error instanceof JobFailure)) throw error;
      }
    }
    if (world.canary !== 'nothing-erased') await this.#erase(folder);
  }

  /** What the crash has left of a job: how far it had come. */
  #noteResumption(job: string): void {
    const { world } = this.node;
    world.sometimes('a job went on after a crash');
    const ending = world.ending(job)?.status;
    if (ending === 'failed') world.sometimes('a job had failed when its party came back');
    if (ending === 'finished' && !this.node.results.rows.has(job))
      world.sometimes('a job had finished when its party came back');
    world.play.noteResumption(this.node, job);
  }

  async #erase(folder: WorkFolder): Promise<void> {
    for (;;) {
      try {
        await folder.erase();
        return;
      } catch (error) {
        if (!(error instanceof WorkError)) throw error;
        await this.process.pause(resumeAfterMs);
      }
    }
  }

  get #isParty(): boolean {
    return this.node.world.play.parties.includes(this.node.organisation);
  }

  /** What nobody expects is a finding. */
  guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.node.world.violation(`${this.node.organisation}: ${String((error as Error).stack ?? error)}`);
    });
  }
}

export interface JobRow {
  readonly status: 'running' | 'finished' | 'failed';
  readonly attempt: number;
}

/** Whether a party's last word on a job is on the ledger. */
export function hasSaid(job: Readonly<JobState>, party: Organisation): boolean {
  return [...job.failures, ...job.released].some(({ organisation }) => organisation === party);
}
