/** Three nodes as processes on loopback, as a user would start them: an operator, a brand and a media house. For tests and benchmarks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { type Client, createClient } from '@causeway/sdk';
import { initHome } from '@causeway/server/home';
import { tapVariable } from './link-tap.ts';

const causeway = fileURLToPath(new URL('../../cli/bin/causeway.js', import.meta.url));
const tapModule = new URL('./link-tap.ts', import.meta.url).href;

export type Job = ResponseOf<'job.show'>;

/** One node: its process can be killed and started again on the same home. */
export class TrialNode {
  readonly organisation: string;
  readonly home: string;
  readonly url: string;
  /** The file in which everything is written that partners give this node, where that is asked for (link-tap.ts). */
  readonly tap: string | undefined;
  #process: ChildProcess | undefined;
  #said = '';

  constructor(organisation: string, home: string, url: string, options: { readonly tap?: string } = {}) {
    this.organisation = organisation;
    this.home = home;
    this.url = url;
    this.tap = options.tap;
  }

  /** The API, with the token that lies in the home. */
  get api(): Client {
    return createClient({ url: this.url, token: readFileSync(join(this.home, 'admin.token'), 'utf8').trim() });
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  /** All that the process wrote to its standard streams. */
  get said(): string {
    return this.#said;
  }

  async start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const [preload, tapped] =
      this.tap === undefined ? [[], {}] : [['--import', tapModule], { [tapVariable]: this.tap }];
    const child = spawn(process.execPath, [...preload, causeway, 'up', '--home', this.home], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...tapped, ...environment },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#said += text.toString();
      });
    }
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code) =>
        reject(new Error(`${this.organisation} ended with ${code} before it was up:\n${this.#said}`)),
      );
    });
    ended.catch(() => {});
    await Promise.race([ended, this.#answers()]);
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }

  async #answers(): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.url}/v1/health`).catch(() => undefined);
      if (response?.ok && ((await response.json()) as { status: string }).status === 'up') return;
      await pause(50);
    }
  }
}

export interface TrialNetwork {
  readonly folder: string;
  readonly operator: TrialNode;
  readonly brand: TrialNode;
  readonly media: TrialNode;
  close(): Promise<void>;
}

/**
 * Makes three homes, starts their nodes and joins them in one network.
 * @param options.brandListens whether the brand has an open port; without one it dials alone.
 * @param options.tapped whether all that the nodes are given by each other is written down.
 */
export async function openTrialNetwork(
  options: { readonly brandListens?: boolean; readonly tapped?: boolean } = {},
): Promise<TrialNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-trial-'));
  const tapped = options.tapped === true;
  const [operator, brand, media] = [
    await emptyNode(folder, 'operator', { tapped }),
    await emptyNode(folder, 'brand', { listens: options.brandListens !== false, tapped }),
    await emptyNode(folder, 'media', { tapped }),
  ];
  const nodes = [operator, brand, media];
  try {
    await Promise.all(nodes.map((node) => node.start()));
    await operator.api.network.create({ name: 'Trial' });
    for (const node of [brand, media]) {
      const { invite } = await operator.api.network.invite();
      await node.api.network.join({ invite });
    }
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  }
  return {
    folder,
    operator,
    brand,
    media,
    close: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a home in `folder`; its node is not yet started. Its organisation is shown as `org`, and has an open port unless it only dials. */
export async function emptyNode(
  folder: string,
  organisation: string,
  {
    org = organisation,
    listens = true,
    tapped = false,
  }: { readonly org?: string; readonly listens?: boolean; readonly tapped?: boolean } = {},
): Promise<TrialNode> {
  const [apiPort, linkPort] = await freePorts(2);
  const [home, api] = [join(folder, organisation), `127.0.0.1:${apiPort}`];
  const listen = listens ? { listen: `127.0.0.1:${linkPort}` } : {};
  await initHome({ home, org, organisation, api, ...listen, allowPrivateAddresses: true, nowMs: Date.now() });
  const tap = tapped ? { tap: join(folder, `${organisation}.heard`) } : {};
  return new TrialNode(organisation, home, `http://${api}`, tap);
}

export interface TrialDataset {
  readonly path: string;
  readonly name: string;
  readonly ids: readonly { readonly column: string; readonly profile: string }[];
  readonly attributes?: readonly { readonly column: string; readonly grade: 'public' | 'internal' }[];
  /** Columns whose values are published. */
  readonly values?: readonly string[];
}

/** Takes a file in and publishes it. */
export async function publish(node: TrialNode, dataset: TrialDataset): Promise<void> {
  const { path, name, ids, attributes = [], values = [] } = dataset;
  await operationEnd(node, await node.api.dataset.add({ path, name, ids: [...ids], attributes: [...attributes] }));
  await node.api.dataset.publish({ dataset: name, values });
}

/** Waits for an operation's end. @returns its result. */
export async function operationEnd(node: TrialNode, { operation }: { readonly operation: string }) {
  for await (const event of node.api.operation.events({ operation })) {
    if (event.operation.status === 'failed') throw new Error(JSON.stringify(event.operation.error));
    if (event.operation.status === 'finished') return event.operation.result;
  }
  throw new Error(`operation ${operation} did not end`);
}

export interface TrialMatch {
  readonly mine: string;
  readonly theirs: string;
  readonly keys: readonly string[];
  readonly receiver: 'me' | 'them' | 'both' | 'none';
  readonly protocol?: 'psi/ecdh' | 'psi/vole' | 'psi/oprf';
  readonly kernelAtLeast?: 'wasm' | 'portable' | 'avx2' | 'ifma';
  readonly uses?: number;
  readonly minimumListRows?: number;
  readonly minimumGroupRows?: number;
}

/** Proposes as the brand and approves as the media house. @returns the agreement's id. */
export async function agreeOnMatch({ brand, media }: TrialNetwork, match: TrialMatch): Promise<string> {
  const proposal = { purpose: 'a trial', uses: 1, ...match, keys: [...match.keys], with: media.organisation };
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === match.theirs));
  const { agreement } = await brand.api.agreement.proposeMatch(proposal);
  const shown = await found(() => media.api.agreement.show({ agreement }));
  await media.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}

export type TrialInsight = Omit<RequestOf<'agreement.proposeInsight'>, 'with' | 'purpose'>;

/** Proposes as the brand and approves as the media house. @returns the agreement's id. */
export async function agreeOnInsight({ brand, media }: TrialNetwork, insight: TrialInsight): Promise<string> {
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === insight.theirs));
  const proposal = { ...insight, purpose: 'a trial', with: media.organisation };
  const { agreement } = await brand.api.agreement.proposeInsight(proposal);
  const shown = await found(() => media.api.agreement.show({ agreement }));
  await media.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}

/** Waits for a job's end at a node. */
export async function jobEnd(node: TrialNode, job: string): Promise<Job> {
  await found(() => node.api.job.show({ job }));
  for (;;) {
    const shown = await node.api.job.show({ job }).catch(() => undefined);
    if (shown && ['finished', 'failed', 'cancelled'].includes(shown.status)) return shown;
    await pause(50);
  }
}

/** Asks until there is an answer: what a partner or the ledger says takes a moment to arrive. */
export async function found<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries > 400) throw error;
      await pause(50);
    }
  }
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(50);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
