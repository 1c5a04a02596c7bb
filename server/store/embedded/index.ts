/**
 * The node's own PostgreSQL server: made on first use, adopted when it is still running after the node died, started again
 * when it dies, and stopped by `close`. All it has lies in one folder: `cluster/` (the data directory, with port and
 * password in `causeway.json`) and `server.log`.
 */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../error.ts';
import { type CopyTarget, takeBaseBackup } from './base-backup.ts';
import { createCluster, fileError, freePort, prepareFolder, readAccess, superuser, writeAccess } from './cluster.ts';
import { findPostmaster } from './lock-file.ts';
import { adoptPostmaster, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { findPrograms, type Programs } from './programs.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';

export type { CopyTarget } from './base-backup.ts';

export type EmbeddedState = 'up' | 'recovering' | 'down';

export interface EmbeddedOptions {
  /** Where the database lives, such as `<home>/database`; made when absent. */
  readonly folder: string;
  /** How long a server may take to be ready, recovery after a crash included. */
  readonly readyTimeoutMs?: number;
  /** Told about every change after the start: the server died, is back, or cannot be brought back (and why). */
  readonly onState?: (state: EmbeddedState, detail: string) => void;
}

/** @throws {StoreError} with what is in the way, and what to do. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await prepareFolder(options.folder);
  const folder = await realpath(options.folder);
  const programs = await findPrograms();
  const cluster = join(folder, 'cluster');
  const runAs = await chooseRunAs(programs, cluster);
  if ((await readAccess(cluster)) === undefined) {
    await createCluster(programs, runAs, folder).catch((error) => {
      throw error instanceof StoreError ? error : fileError(error, folder);
    });
  }
  const place: Place = { folder, cluster, programs, runAs, timeoutMs: options.readyTimeoutMs ?? 120_000 };
  return new EmbeddedPostgres(place, await bringUp(place, { port: 'may-change' }), options.onState);
}

/**
 * Stops the server of a folder whose node is gone.
 * @returns whether there was one.
 */
export async function stopEmbedded(folder: string): Promise<boolean> {
  const cluster = await realpath(join(folder, 'cluster')).catch(() => undefined);
  const found = cluster === undefined ? undefined : await findPostmaster(cluster);
  if (cluster === undefined || found === undefined) return false;
  await stopPostmaster(cluster, found.pid, 30_000);
  return true;
}

interface Place {
  readonly folder: string;
  readonly cluster: string;
  readonly programs: Programs;
  readonly runAs: RunAs;
  readonly timeoutMs: number;
}

interface Served {
  readonly postmaster: Postmaster;
  readonly password: string;
}

export class EmbeddedPostgres {
  readonly #place: Place;
  readonly #onState: (state: EmbeddedState, detail: string) => void;
  readonly #url: string;
  #postmaster: Postmaster;
  #state: EmbeddedState = 'up';
  #closing = false;
  #supervision: Promise<void>;

  constructor(place: Place, served: Served, onState: EmbeddedOptions['onState']) {
    this.#place = place;
    this.#postmaster = served.postmaster;
    this.#onState = onState ?? (() => {});
    this.#url = `postgresql://${superuser}:${served.password}@127.0.0.1:${served.postmaster.port}/${superuser}`;
    this.#supervision = this.#supervise();
  }

  /** Holds the password: never to be logged. Stays the same while the server is restarted. */
  get url(): string {
    return this.#url;
  }

  get state(): EmbeddedState {
    return this.#state;
  }

  get pid(): number {
    return this.#postmaster.pid;
  }

  /** Whether the server had been left running by a node that died. */
  get adopted(): boolean {
    return this.#postmaster.adopted;
  }

  /** Copies the data directory as it runs. @throws {StoreError}, and what the target throws. */
  async copyTo(target: CopyTarget): Promise<void> {
    await takeBaseBackup({ url: this.#url, cluster: this.#place.cluster }, target);
  }

  /** Stops the server; open connections are ended. */
  async close(): Promise<void> {
    if (this.#closing) return this.#supervision;
    this.#closing = true;
    // The watch over the server keeps no program running; a program that waits here for the server's end must.
    const running = setInterval(() => {}, 60_000);
    try {
      await stopPostmaster(this.#place.cluster, this.#postmaster.pid, 10_000);
      this.#state = 'down';
      await this.#supervision;
    } finally {
      clearInterval(running);
    }
  }

  async #supervise(): Promise<void> {
    for (;;) {
      await this.#postmaster.gone;
      if (this.#closing) return;
      this.#to('recovering', 'the database server ended by itself; starting it again');
      for (let pauseMs = 100; !this.#closing; pauseMs = Math.min(pauseMs * 2, 30_000)) {
        try {
          this.#postmaster = (await bringUp(this.#place, { port: 'must-stay' })).postmaster;
          break;
        } catch (error) {
          this.#to('down', error instanceof Error ? error.message : String(error));
          await sleep(pauseMs, undefined, { ref: false });
        }
      }
      if (this.#closing) return stopPostmaster(this.#place.cluster, this.#postmaster.pid, 10_000);
      this.#to('up', 'the database server is up again');
    }
  }

  #to(state: EmbeddedState, detail: string): void {
    this.#state = state;
    this.#onState(state, detail);
  }
}

/** A ready server: adopted or started. Another process may do the same at the same time; then both have the same one. */
async function bringUp(place: Place, options: { port: 'may-change' | 'must-stay' }): Promise<Served> {
  let failure: unknown;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (attempt > 0) await sleep(100 * attempt);
    const access = await readAccess(place.cluster);
    if (access === undefined) throw fileError({ code: 'ENOENT' }, place.cluster);
    const adopted = await adoptPostmaster(place.cluster, place.timeoutMs);
    if (adopted !== undefined) return { postmaster: adopted, password: access.password };
    const port = options.port === 'must-stay' ? access.port : await freePort(access.port);
    if (port !== access.port) await writeAccess(place.cluster, { ...access, port });
    try {
      const started = await startPostmaster({ ...place, port }, place.timeoutMs);
      if (started !== undefined) return { postmaster: started, password: access.password };
    } catch (error) {
      // Backends of a killed server need a moment to notice; a port can be taken between the look and the start.
      if (!(error instanceof StoreError) || !/shared memory|bind|TCP\/IP|lock file/.test(error.message)) throw error;
      failure = error;
    }
  }
  throw failure ?? new StoreError('database-down', `the database in ${place.folder} does not stay up`);
}
