/** Two parties of an activation in one process, with short lists: either can be killed at any stage, and what each receives is recorded. */
import { readFile } from 'node:fs/promises';
import { type ActivateTerms, publishedColumns } from '@causeway/core/applications/activate';
import { agreementId } from '@causeway/core/applications/agreement';
import { plainRowSorter } from '@causeway/core/bytes';
import { generateKemKeyPair, type KemKeyPair } from '@causeway/core/crypto';
import { BatchKernel } from '@causeway/core/group';
import { opjaDerivation } from '@causeway/core/protocols/opja';
import { pairCipher } from '@causeway/core/protocols/pair';
import { SeededRandom } from '@causeway/core/random';
import type { Channel, Links } from '../../../link/index.ts';
import { JobFailure } from '../../life/index.ts';
import { JobNetwork, job, type PartyLife } from '../../life/testing/job-network.ts';
import { bytesOf, withFiles } from '../../work/index.ts';
import { ActivateJob, type ActivateJobPorts, type ActivateResult, type PublisherKeys } from '../index.ts';

export const parties = ['brand', 'media'] as const;
export type Party = (typeof parties)[number];
export type Kind = ActivateTerms['form']['kind'];

/** Row i of a party carries the identifier lists[party][i]; the brand advertises. The publisher has one person in two rows. */
export const lists: Readonly<Record<Party, readonly number[]>> = {
  brand: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  media: [5, 6, 7, 8, 9, 10, 11, 5],
};
export const shared: readonly number[] = [5, 6, 7, 8, 9];

const kernel = new BatchKernel();
const keys = new SeededRandom('keys of the publisher');
const newKeys = (): PublisherKeys => ({ hashKey: keys.bytes(32), scalar: kernel.randomScalar(keys) });
export const publisherKeys: readonly [PublisherKeys, PublisherKeys] = [newKeys(), newKeys()];
const sender = generateKemKeyPair(keys);
export const receiver: KemKeyPair = generateKemKeyPair(keys);

export function termsOf(kind: Kind, changes: Partial<ActivateTerms> = {}): ActivateTerms {
  const list = (organisation: string) => ({ organisation, dataset: 'crm', rowsAbout: 10, rowsMax: 20 });
  const column = { column: 'mobile', profile: 'phone' };
  return {
    version: 1,
    operation: 'activate',
    network: 'fair',
    purpose: 'a campaign',
    proposer: list('brand'),
    partner: list('media'),
    advertiser: 'proposer',
    form:
      kind === 'pair'
        ? { kind, cipher: pairCipher }
        : { kind, derivation: opjaDerivation, system: 'match.example', receiver: 'dsp.example' },
    key: { form: 'phone', proposer: column, partner: column },
    limits: { minimumListRows: 1, minimumGroupRows: 1, usesMax: 1, expiresAt: '2100-01-01T00:00:00Z' },
    nonce: '0'.repeat(32),
    ...changes,
  };
}

/** A message as it came: over which channel, and its bytes. */
export interface Came {
  readonly about: string;
  readonly bytes: Uint8Array;
}

/** What a test puts into the way of a job. */
export interface Obstacles {
  readonly at?: (stage: string) => void;
  readonly ports?: Partial<ActivateJobPorts>;
  /** What becomes of a message that this party sends. */
  readonly carry?: (message: Uint8Array, about: string) => Uint8Array;
}

export class ActivateParties {
  readonly network: JobNetwork;
  readonly terms: ActivateTerms;
  /** Of a publisher: the values of each row, as its files hold them. */
  readonly rows = new Map<number, readonly (string | null)[]>();
  readonly results = new Map<Party, ActivateResult>();
  /** Of a PAIR advertiser: the ids, as its file holds them. */
  ids: Uint8Array = new Uint8Array(0);
  readonly came: Readonly<Record<Party, Came[]>> = { brand: [], media: [] };
  readonly released = new Map<string, number>();
  #lives = 0;

  private constructor(network: JobNetwork, terms: ActivateTerms) {
    this.network = network;
    this.terms = terms;
  }

  static async open(folder: string, terms: ActivateTerms, silenceMs?: number): Promise<ActivateParties> {
    const network = await JobNetwork.open(folder, {
      parties,
      agreement: agreementId(terms),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
    return new ActivateParties(network, terms);
  }

  /** Begins a life of a party, and its job in it. */
  async run(party: Party, obstacles: Obstacles = {}): Promise<{ life: PartyLife; end: Promise<ActivateResult> }> {
    const life = await this.network.boot(party);
    const run = { job, agreement: agreementId(this.terms), terms: this.terms };
    const made = new ActivateJob(run, this.#ports(party, life, obstacles), life.work, life.signal);
    const end = made.run();
    end.catch(() => {});
    return { life, end };
  }

  #ports(party: Party, life: PartyLife, { at, ports, carry }: Obstacles): ActivateJobPorts {
    const { work } = life;
    const ids = lists[party];
    return {
      ...life.ports,
      links: recorded(life.links, (came) => this.came[party].push(came), carry),
      kernel,
      sorter: plainRowSorter,
      random: new SeededRandom(`${party} ${++this.#lives}`),
      keys: async (files) => {
        const packed = new Uint8Array(ids.length * 16);
        for (const [i, id] of ids.entries()) packed.set(new SeededRandom(`id ${id}`).bytes(16), i * 16);
        await withFiles(work, files, async (opened) => {
          await opened.keys.write(0, packed);
          await opened.rows.write(0, bytesOf(Uint32Array.from(ids.keys())));
        });
        return ids.length;
      },
      admit: async () => {},
      publisherKeys: async () => publisherKeys,
      labelKeys: async () => ({ sender, receiver: receiver.publicKey }),
      attach: async ({ numbers, count, columns, pairs, to }) => {
        if (columns.length !== publishedColumns(this.terms).length) throw new JobFailure('columns', 'other columns');
        const read = (name: string) => readFile(work.path(name));
        const order = await read(numbers);
        if (order.length !== 4 * count) throw new JobFailure('numbers', 'another number of identifiers');
        const values = await Promise.all(columns.map(async (of) => of && { ...of, packed: await read(of.file) }));
        const textAt = (place: number) =>
          values.map((of) => (of ? of.packed.toString('base64', place * of.bytes, (place + 1) * of.bytes) : null));
        const texts = new Map(Array.from({ length: count }, (_, i) => [order.readUInt32LE(4 * i), textAt(i)]));
        const rows = await read(pairs);
        for (let from = 0; from < rows.length; from += 8)
          this.rows.set(rows.readUInt32LE(from), texts.get(rows.readUInt32LE(from + 4))!);
        await work.writeSmall(to, new Uint8Array(1));
      },
      release: async (result) => {
        this.released.set(party, (this.released.get(party) ?? 0) + 1);
        this.results.set(party, result);
        if (party === 'brand' && result.file !== undefined) this.ids = new Uint8Array(await readFile(result.file));
        return 'd'.repeat(64);
      },
      report: ({ stage }) => at?.(stage),
      ...ports,
    };
  }
}

/** The same links; what comes over their channels is told, and what goes may be changed. */
function recorded(links: Links, tell: (came: Came) => void, carry: Obstacles['carry']): Links {
  const channelOf = (channel: Channel, name: string): Channel => {
    const about = name.split('/').at(-1)!;
    return {
      name,
      send: (message) => channel.send(carry ? carry(message.slice(), about) : message),
      receive: async (options) => {
        const bytes = await channel.receive(options);
        tell({ about, bytes: bytes.slice() });
        return bytes;
      },
      close: () => channel.close(),
    };
  };
  return new Proxy(links, {
    get: (target, name) => {
      if (name !== 'to') return Reflect.get(target, name, target);
      return async (...given: Parameters<Links['to']>) => {
        const link = await target.to(...given);
        return new Proxy(link, {
          get: (inner, member) => {
            const value: unknown = Reflect.get(inner, member, inner);
            if (member === 'channel') return (name: string) => channelOf(inner.channel(name), name);
            return typeof value === 'function' ? value.bind(inner) : value;
          },
        });
      };
    },
  });
}
