/**
 * What a node does from its start on: opens its ledger from its store, goes on with every job in which its part is not done, takes up
 * those that it meets on the ledger, and erases what an ended job left on the disk.
 */
import type { JobState } from '@causeway/core/ledger';
import { JobCalls, JobFailure, JobPaused, JobStopped } from '@causeway/server/jobs/life';
import { MatchJob } from '@causeway/server/jobs/match';
import { OneAtATime } from '@causeway/server/jobs/match/oprf';
import { WorkError, type WorkFolder } from '@causeway/server/jobs/work';
import { NetworkLedger } from '@causeway/server/ledger';
import type { Links } from '@causeway/server/link';
import { forgetful } from '../canary.ts';
import { keyPairs, logOf, type Party, parties } from '../scenario/organisations.ts';
import type { Process } from '../world/process.ts';
import { matchPorts } from './match-ports.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { tablesFolder } from './simulated-tables.ts';
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
  #ledger: NetworkLedger | undefined;

  constructor(node: SimulatedNode, process: Process, links: Links) {
    this.node = node;
    this.process = process;
    this.links = links;
    this.calls = new JobCalls(links);
    this.#guard(this.#open());
  }

  get ledger(): NetworkLedger | undefined {
    return this.#ledger;
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
    for (let waitedMs = 0; this.#running.size > 0; waitedMs += 10) {
      if (waitedMs > stopWithinMs) this.node.world.violation(`${this.node.organisation} does not stop`);
      await this.process.pause(10);
    }
  }

  pursue(wish: Wish): void {
    if (this.#ledger !== undefined) this.#guard(pursue(wish, this.#ledger, this.process));
  }

  async #open(): Promise<void> {
    const { organisation, store, world } = this.node;
    const ledger = await NetworkLedger.open({
      log: logOf(world.scenario.operator),
      organisation,
      keyPair: keyPairs[organisation],
      store: store.of(this.process),
      links: this.links,
      clock: this.process.clock,
      onAlarm: (alarm) => world.violation(`${organisation} raised an alarm: ${alarm.code}: ${alarm.message}`),
    });
    this.#ledger = ledger;
    world.trace(organisation, `ledger open at ${ledger.state.size}`);
    ledger.onRecord(({ entry, index }) => {
      world.trace(organisation, `has record ${index}: ${entry.type} of ${entry.author}`);
      if (entry.type === 'job.started') this.#take(entry.body.job);
    });
    const open = ledger.state.jobs().filter((job) => isParty(organisation) && !hasSaid(job, organisation));
    for (const { job } of open) this.#take(job);
    // Ended ones as well: their files may be back, where a crash came right after they were erased.
    for (const job of this.node.jobs.rows.keys()) this.#take(job);
    for (const wish of this.node.wishes) this.pursue(wish);
  }

  #take(job: string): void {
    const { organisation } = this.node;
    if (!isParty(organisation) || this.#running.has(job) || this.#stopping.signal.aborted) return;
    this.#running.add(job);
    this.#guard(this.#run(job, organisation).finally(() => this.#running.delete(job)));
  }

  /** All attempts at a job; what becomes of it is on record when this returns. */
  async #run(job: string, party: Party): Promise<void> {
    const { world, jobs, disk } = this.node;
    const place = disk.folder(job, this.process);
    const folder = world.canary === 'exchange-denied' ? forgetful(place) : place;
    const kept = await jobs.putOnce(job, { status: 'running', attempt: 1 }, this.process);
    let row: JobRow = kept.row;
    if (!kept.isNew && row.status === 'running') this.#noteResumption(job);
    for (; row.status === 'running'; await jobs.put(job, row, this.process)) {
      world.trace(party, `runs ${job}, attempt ${row.attempt}`);
      const { ports, run } = matchPorts(this, { job, party });
      try {
        await new MatchJob(run, ports, folder, this.#stopping.signal).run();
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
    const { world, disk } = this.node;
    const json = (name: string) => {
      const bytes = disk.contentOf(job, name);
      return bytes && JSON.parse(Buffer.from(bytes).toString());
    };
    world.sometimes('a job went on after a crash');
    const ending = world.ending(job)?.status;
    if (ending === 'failed') world.sometimes('a job had failed when its party came back');
    if (ending === 'finished' && !this.node.results.rows.has(job))
      world.sometimes('a job had finished when its party came back');
    for (const round of world.scenario.terms.rounds.keys()) {
      const held = json(`round-${round}.received.held`);
      const heldCount = held && (held.points ?? 0) + (held.tags ?? 0) + (held.buckets ?? 0) + (held.answers ?? 0);
      if (heldCount > 0 && !json(`round-${round}.exchanged`)) world.sometimes('an exchange went on in the middle');
      if (disk.contentOf(tablesFolder(round), 'making')) world.sometimes('a table in the making was gone on with');
      const blinded = json(`round-${round}.points.done`);
      const set = json(`round-${round}.set.size`);
      if (blinded && set && blinded * world.scenario.batchRows < set.keyCount)
        world.sometimes('blinding went on in the middle');
    }
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

  /** What nobody expects is a finding. */
  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.node.world.violation(`${this.node.organisation}: ${String((error as Error).stack ?? error)}`);
    });
  }
}

export interface JobRow {
  readonly status: 'running' | 'finished' | 'failed';
  readonly attempt: number;
}

function isParty(organisation: string): organisation is Party {
  return (parties as readonly string[]).includes(organisation);
}

/** Whether a party's last word on a job is on the ledger. */
export function hasSaid(job: Readonly<JobState>, party: Party): boolean {
  return [...job.failures, ...job.released].some(({ organisation }) => organisation === party);
}
