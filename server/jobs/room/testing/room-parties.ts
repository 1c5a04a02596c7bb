/** Three parties of a room in one process, with short lists: two that contribute and one that keeps, any of which can be killed at any stage. */
import { readFile } from 'node:fs/promises';
import { agreementId } from '@causeway/core/applications/agreement';
import { layoutOf, type RoomTerms } from '@causeway/core/applications/room';
import { bytesToHex, plainRowSorter } from '@causeway/core/bytes';
import { BatchKernel } from '@causeway/core/group';
import { SeededRandom } from '@causeway/core/random';
import { roomTermsOf } from '../../../../core/applications/room/testing/terms.ts';
import { JobNetwork, job, type PartyLife } from '../../life/testing/job-network.ts';
import { bytesOf, withFiles } from '../../work/index.ts';
import { ContributeJob, type ContributePorts, KeepJob, type OwnTable, type RoomResult } from '../index.ts';

export const parties = ['brand', 'media', 'clean'] as const;
export type Party = (typeof parties)[number];

/** Row i of a table carries the identifier ids[i]. */
const lists: Readonly<Record<string, readonly number[]>> = {
  crm: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  users: [5, 6, 7, 8, 9, 10, 11],
  // Several rows of one person, and one that is in no other table.
  visits: [2, 9, 2, 2, 12, 9],
};
export const sharedIds = 5;

const pseudonymBytes = 16;

/** What a test puts into the way of a job. */
export interface Obstacles {
  /** Called at each stage; what it waits for, the job waits for. */
  readonly at?: (stage: string) => void;
  readonly keys?: ContributePorts['keys'];
  readonly encode?: () => Promise<void>;
  readonly load?: () => Promise<void>;
  readonly budgets?: ContributePorts['budgetsToGrant'];
}

export class RoomParties {
  readonly network: JobNetwork;
  readonly terms: RoomTerms;
  /** Pseudonyms of each table that the keeper has loaded last, row by row, in hexadecimal. */
  readonly tables = new Map<string, readonly string[]>();
  /** How often each party has released. */
  readonly released = new Map<string, number>();
  loads = 0;
  #lives = 0;

  private constructor(network: JobNetwork, terms: RoomTerms) {
    this.network = network;
    this.terms = terms;
  }

  static async open(
    folder: string,
    { silenceMs, changes = {} }: { readonly silenceMs?: number; readonly changes?: Partial<RoomTerms> } = {},
  ): Promise<RoomParties> {
    const limits = { minimumListRows: 1, usesMax: 1, expiresAt: '2100-01-01T00:00:00Z' };
    const terms = roomTermsOf({ limits, ...changes });
    const network = await JobNetwork.open(folder, {
      parties,
      agreement: agreementId(terms),
      room: terms.room,
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
    return new RoomParties(network, terms);
  }

  /** Begins a life of a party, and its job in it. */
  async run(party: Party, obstacles: Obstacles = {}): Promise<{ life: PartyLife; end: Promise<RoomResult> }> {
    const life = await this.network.boot(party);
    const run = { job, agreement: agreementId(this.terms), terms: this.terms };
    const { work, signal } = life;
    const common = {
      ...life.ports,
      links: life.links,
      random: new SeededRandom(`${party} ${++this.#lives}`),
      admit: async () => {},
      release: async () => {
        this.released.set(party, (this.released.get(party) ?? 0) + 1);
        return 'd'.repeat(64);
      },
      report: ({ stage }: { readonly stage: string }) => obstacles.at?.(stage),
    };
    const made =
      party === this.terms.room
        ? new KeepJob(
            run,
            { ...common, software: 'test 1', load: this.#load(obstacles), discard: async () => this.tables.clear() },
            work,
            signal,
          )
        : new ContributeJob(run, { ...common, ...this.#contributing(obstacles) }, work, signal);
    const end = made.run();
    end.catch(() => {});
    return { life, end };
  }

  #contributing({ keys, encode, budgets }: Obstacles) {
    return {
      kernel: new BatchKernel(),
      sorter: plainRowSorter,
      batchRows: 2,
      rowCount: async ({ of }: OwnTable) => lists[of.table]!.length,
      budgetsToGrant: budgets ?? (() => []),
      keys:
        keys ??
        (async ({ work, files, of }: Parameters<ContributePorts['keys']>[0]) => {
          const ids = lists[of.table]!;
          const keys = new Uint8Array(ids.length * 16);
          for (const [i, id] of ids.entries()) keys.set(new SeededRandom(`id ${id}`).bytes(16), i * 16);
          await withFiles(work, files, async (opened) => {
            await opened.keys.write(0, keys);
            await opened.rows.write(0, bytesOf(Uint32Array.from(ids.keys())));
          });
          return ids.length;
        }),
      encode: async ({ work, pseudonyms, to, of }: Parameters<ContributePorts['encode']>[0]) => {
        await encode?.();
        const [ids, layout] = [lists[of.table]!, layoutOf(this.terms, of.table)];
        const [name] = pseudonyms;
        await withFiles(work, { from: name!, rows: to }, async ({ from, rows }) => {
          for (let i = 0; i < ids.length; i++)
            await rows.write(i * layout.rowBytes, await from.read(i * pseudonymBytes, pseudonymBytes));
          await rows.truncate(ids.length * layout.rowBytes);
        });
        return ids.length;
      },
    };
  }

  #load({ load }: Obstacles) {
    return async ({ uploads }: { readonly uploads: readonly { table: string; rows: string }[] }) => {
      await load?.();
      this.loads += 1;
      for (const { table, rows } of uploads) {
        const { rowBytes } = layoutOf(this.terms, table);
        const bytes = new Uint8Array(await readFile(rows));
        const pseudonyms: string[] = [];
        for (let at = 0; at < bytes.length; at += rowBytes)
          pseudonyms.push(bytesToHex(bytes.subarray(at, at + pseudonymBytes)));
        this.tables.set(table, pseudonyms);
      }
    };
  }
}
