/** One scope in memory, for tests: what two sides have published and counted, and how a round of each is made. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainRowSorter } from '@causeway/core/bytes';
import { BatchKernel, type Kernel } from '@causeway/core/group';
import { PolicyDenied } from '@causeway/core/policy';
import { SeededRandom } from '@causeway/core/random';
import type { Channel } from '../../../../link/index.ts';
import { bytesOf, openWorkFolder, type WorkFolder } from '../../../work/index.ts';
import type { KeySet } from '../../key-set.ts';
import { type ExchangeResult, type MatchRound, openRound, type RoundResult } from '../../match-round.ts';
import type { OprfPorts, PublishedKey } from '../ports.ts';

export interface ScopeOptions {
  /** Evaluations of all keys together. */
  readonly evaluationsLeft?: number;
  readonly evaluationsOfEpoch?: number;
  readonly batchRows?: number;
}

/** Runs a list of the side that learns against one of the side with the table, again and again. */
export class TestScope {
  readonly options: ScopeOptions;
  readonly folder: string;
  readonly tables: { readonly client: WorkFolder; readonly server: WorkFolder };
  readonly published: PublishedKey[] = [];
  /** Evaluations counted, by epoch. */
  readonly spent = new Map<number, number>();
  /** Keys that the server's kernel has evaluated for its table. */
  taggedCount = 0;
  #jobCount = 0;
  readonly #queues: Record<'client' | 'server', Promise<unknown>> = {
    client: Promise.resolve(),
    server: Promise.resolve(),
  };

  private constructor(folder: string, tables: TestScope['tables'], options: ScopeOptions) {
    this.folder = folder;
    this.tables = tables;
    this.options = options;
  }

  static async open(options: ScopeOptions = {}): Promise<TestScope> {
    const folder = await mkdtemp(join(tmpdir(), 'oprf-'));
    const tables = {
      client: await openWorkFolder(join(folder, 'held')),
      server: await openWorkFolder(join(folder, 'served')),
    };
    return new TestScope(folder, tables, options);
  }

  /** The kernel of the server, which counts what it tags. */
  get serverKernel(): Kernel {
    const kernel = new BatchKernel();
    return Object.assign(new BatchKernel(), {
      blind: (request: Parameters<Kernel['blind']>[0]) => {
        this.taggedCount += request.keys.length / 16;
        return kernel.blind(request);
      },
    });
  }

  ports(of: 'client' | 'server', source: string, changes: Partial<OprfPorts> = {}): OprfPorts {
    return {
      tables: this.tables[of],
      alone: (work) => {
        const done = this.#queues[of].then(work, work);
        this.#queues[of] = done.catch(() => {});
        return done;
      },
      source: async () => source,
      evaluationsOfEpoch: this.options.evaluationsOfEpoch ?? 64,
      nowMs: () => 0,
      keys: {
        newest: async () => this.published.at(-1),
        confirm: async () => this.published.at(-1),
        publish: async (key) => {
          if (key.epoch <= this.published.length) return;
          this.published.push(key);
        },
      },
      budget: {
        spent: async (epoch) => this.spent.get(epoch) ?? 0,
        spend: async ({ epoch, evaluations, limit }) => {
          const spent = this.spent.get(epoch) ?? 0;
          const all = [...this.spent.values()].reduce((sum, count) => sum + count, 0);
          const left = (this.options.evaluationsLeft ?? Number.POSITIVE_INFINITY) - all;
          if (spent + evaluations > limit || evaluations > left) throw new PolicyDenied([]);
          this.spent.set(epoch, spent + evaluations);
        },
      },
      ...changes,
    };
  }

  /** A new job over two lists of identifiers, whose rows are their positions; 0 stands for none. */
  async job(
    lists: { readonly client: readonly number[]; readonly server: readonly number[] },
    changes: { readonly client?: Partial<OprfPorts>; readonly server?: Partial<OprfPorts> } = {},
  ): Promise<{ readonly client: TestSide; readonly server: TestSide }> {
    const job = `j${this.#jobCount++}`;
    const side = async (of: 'client' | 'server') => {
      const work = await openWorkFolder(join(this.folder, job, of));
      const ids = lists[of];
      const open = () =>
        openRound('psi/oprf', {
          work,
          kernel: of === 'server' ? this.serverKernel : new BatchKernel(),
          sorter: plainRowSorter,
          random: new SeededRandom(`${job} ${of} ${Math.random()}`),
          index: 0,
          binding: { network: 'n', agreement: 'a', job, profile: 'phone' },
          plan: new Uint8Array(32),
          side: of === 'client' ? 'proposer' : 'partner',
          learns: of === 'client' ? { own: 'rows', peer: 'nothing' } : { own: 'nothing', peer: 'rows' },
          peerCount: { min: 0, max: of === 'client' ? 10_000 : 32 },
          rowBound: ids.length,
          silenceMs: 10_000,
          batchRows: this.options.batchRows,
          oprf: async () => this.ports(of, ids.join(), changes[of]),
          onProgress: () => {},
        });
      return new TestSide(work, ids, open);
    };
    return { client: await side('client'), server: await side('server') };
  }
}

export interface TestEnd extends RoundResult {
  readonly set: KeySet;
  readonly exchange: ExchangeResult;
}

export class TestSide {
  readonly work: WorkFolder;
  readonly ids: readonly number[];
  readonly open: () => MatchRound;

  constructor(work: WorkFolder, ids: readonly number[], open: () => MatchRound) {
    this.work = work;
    this.ids = ids;
    this.open = open;
  }

  /** As a job prepares its list: keys are brought only where the round does not know them. */
  async prepare(round: MatchRound): Promise<KeySet> {
    const prepared = await round.prepared();
    if (prepared) return prepared;
    const carrying = this.ids.flatMap((id, row) => (id === 0 ? [] : [{ id, row }]));
    const keys = new Uint8Array(carrying.length * 16);
    for (const [i, { id }] of carrying.entries()) keys.set(new SeededRandom(`id ${id}`).bytes(16), i * 16);
    const [keysFile, rowsFile] = [await this.work.open(round.keyFiles.keys), await this.work.open(round.keyFiles.rows)];
    await keysFile.write(0, keys);
    await rowsFile.write(0, bytesOf(Uint32Array.from(carrying, ({ row }) => row)));
    await Promise.all([keysFile.close(), rowsFile.close()]);
    return round.prepare(carrying.length);
  }

  /** All of the round, going on with what an earlier call has left. */
  async run(channel: Channel): Promise<TestEnd> {
    const round = this.open();
    const signal = new AbortController().signal;
    const set = await this.prepare(round);
    const commitment = await round.commit(set, signal);
    const exchange = await round.exchange(set, commitment, channel, { signal, opening: 'speak' });
    return { set, exchange, ...(await round.join(set, exchange)) };
  }

  /** The rows that carry an identifier of the other list. */
  matching(others: readonly number[]): number[] {
    return this.ids.flatMap((id, row) => (id !== 0 && others.includes(id) ? [row] : []));
  }
}
