import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainRowSorter } from '@causeway/core/bytes';
import { BatchKernel, type Kernel } from '@causeway/core/group';
import { ProtocolError } from '@causeway/core/protocols';
import { runId } from '@causeway/core/protocols/join-spine';
import { SeededRandom } from '@causeway/core/random';
import { openKernel } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinkError } from '../../link/index.ts';
import { channelPair } from '../match/testing/channels.ts';
import { bytesOf, openWorkFolder, type WorkFolder } from '../work/index.ts';
import { exchangeAsServer, servedList } from './server-exchange.ts';
import { SpineList } from './spine-list.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-spine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
const plan = new Uint8Array(32).fill(3);
const signal = new AbortController().signal;

interface Party {
  readonly name: string;
  readonly work: WorkFolder;
  readonly key: Uint8Array;
  readonly rows: number;
  /** As after a restart: nothing but the files is left of what came before. */
  readonly list: () => SpineList;
}

interface Setting {
  /** Where the files stand, if not with the run: the same run in another place has the same secrets. */
  readonly place?: string;
  readonly kernel?: Kernel;
  readonly batchRows?: number;
}

/** Row i carries the identifier ids[i], or none for 0. */
async function party(
  run: string,
  [name, ...servers]: readonly [string, ...string[]],
  ids: readonly number[],
  { kernel = new BatchKernel(), batchRows = 4, place = run }: Setting = {},
): Promise<Party> {
  const work = await openWorkFolder(join(folder, place, name));
  const random = new SeededRandom(`${run} ${name}`);
  const key = kernel.randomScalar(random);
  const list = () =>
    new SpineList({
      work,
      kernel,
      sorter: plainRowSorter,
      random,
      index: 0,
      list: 'crm',
      binding,
      plan,
      organisation: name,
      servers,
      key,
      silenceMs: 10_000,
      batchRows,
      onProgress: () => {},
    });
  const carrying = ids.flatMap((id, row) => (id === 0 ? [] : [{ id, row }]));
  const keys = new Uint8Array(carrying.length * 16);
  for (const [i, { id }] of carrying.entries()) new DataView(keys.buffer).setUint32(i * 16 + 4, id * 2_654_435_761);
  const { keyFiles } = list();
  const [keysFile, rowsFile] = [await work.open(keyFiles.keys), await work.open(keyFiles.rows)];
  await keysFile.write(0, keys);
  await rowsFile.write(0, bytesOf(Uint32Array.from(carrying, ({ row }) => row)));
  await Promise.all([keysFile.close(), rowsFile.close()]);
  await list().prepare(carrying.length);
  return { name, work, key, rows: ids.length, list };
}

/** The server's side of a visit, which waits for the client. */
function serve(server: Party, client: Party, channel: Parameters<typeof exchangeAsServer>[1], setting: Setting = {}) {
  const kernel = setting.kernel ?? new BatchKernel();
  return exchangeAsServer(
    {
      work: server.work,
      kernel,
      name: `served-${client.name}`,
      party: {
        run: runId(binding, { client: client.name, list: 'crm', server: server.name }),
        plan,
        kernel: kernel.name,
        clientCount: { min: 0, max: 10_000_000 },
        batchRows: setting.batchRows ?? 4,
      },
      key: server.key,
      silenceMs: 10_000,
      onHeard: () => {},
    },
    channel,
    signal,
  );
}

/** One attempt over channels that are cut at the n-th message. @returns what failed. */
async function attempt(
  client: Party,
  server: Party,
  cutAfter?: number,
  setting: Setting & { readonly at?: number } = {},
): Promise<unknown[]> {
  const [here, there] = channelPair(cutAfter);
  const list = client.list();
  const set = (await list.prepared())!;
  await list.blind(set, signal);
  const ends = await Promise.allSettled([
    list.visit(set, setting.at ?? 0, here, { signal, opening: 'speak' }).finally(() => here.close()),
    serve(server, client, there, setting).finally(() => there.close()),
  ]);
  return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
}

/** Pseudonyms of all rows, in hexadecimal; empty where a row has none. */
async function pseudonyms(of: Party): Promise<string[]> {
  const list = of.list();
  const name = await list.pseudonyms((await list.prepared())!, of.rows, signal);
  const bytes = await readFile(of.work.path(name));
  return Array.from({ length: of.rows }, (_, row) => {
    const one = bytes.subarray(row * 16, row * 16 + 16).toString('hex');
    return /^0+$/.test(one) ? '' : one;
  });
}

async function two(run: string, a: readonly number[], b: readonly number[], setting: Setting = {}) {
  return [await party(run, ['brand', 'media'], a, setting), await party(run, ['media', 'brand'], b, setting)] as const;
}

function expectJoined(a: readonly number[], b: readonly number[], first: readonly string[], second: readonly string[]) {
  const byId = new Map<number, string>();
  for (const [ids, given] of [
    [a, first],
    [b, second],
  ] as const) {
    for (const [row, id] of ids.entries()) {
      if (id === 0) expect(given[row]).toBe('');
      else {
        expect(given[row]).toBe(byId.get(id) ?? given[row]);
        byId.set(id, given[row]!);
      }
    }
  }
  expect(new Set(byId.values()).size).toBe(byId.size);
}

describe('pseudonyms over files', () => {
  it('[F31] are those of a plain join, also of rows that repeat an identifier or have none', async () => {
    const a = [1, 2, 0, 3, 2, 4, 5, 6, 7, 8, 9];
    const b = [9, 0, 2, 11, 12, 4, 4, 13];
    const [brand, media] = await two('plain', a, b);
    expect(await attempt(brand, media)).toEqual([]);
    expect(await attempt(media, brand)).toEqual([]);
    expectJoined(a, b, await pseudonyms(brand), await pseudonyms(media));
  });

  it('of three contributors, whose lists visit two keys each, are those of a plain join', async () => {
    const ids = [
      [1, 2, 3, 4, 5, 0, 6, 7, 8],
      [9, 2, 4, 10, 6, 6, 11],
      [4, 12, 9, 1, 0, 6],
    ] as const;
    const names = ['brand', 'media', 'shop'] as const;
    const others = (name: string) => names.filter((other) => other !== name);
    const parties = await Promise.all(names.map((name, i) => party('three', [name, ...others(name)], ids[i]!)));
    for (const client of parties) {
      for (const [at, name] of others(client.name).entries()) {
        const server = parties.find((one) => one.name === name)!;
        expect(await attempt(client, server, 4, { at })).not.toEqual([]);
        expect(await attempt(client, server, undefined, { at })).toEqual([]);
      }
    }
    const given = await Promise.all(parties.map(pseudonyms));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expectJoined(ids[i], ids[j], given[i]!, given[j]!);
  });

  it('[F32] over 40,000 rows on the machine’s own kernel, three seeds', async () => {
    for (const seed of ['x', 'y', 'z']) {
      const random = new SeededRandom(seed);
      const ids = (count: number) => {
        const view = new DataView(random.bytes(count * 4).buffer);
        return Array.from({ length: count }, (_, i) => 1 + (view.getUint32(i * 4) % 30_000));
      };
      const [a, b] = [ids(20_000), ids(20_000)];
      const kernel = await openKernel();
      const setting = { kernel, batchRows: 2 ** 14 };
      try {
        const [brand, media] = await two(`large ${seed}`, a, b, setting);
        expect(await attempt(brand, media, undefined, setting)).toEqual([]);
        expect(await attempt(media, brand, undefined, setting)).toEqual([]);
        expectJoined(a, b, await pseudonyms(brand), await pseudonyms(media));
      } finally {
        await kernel.close();
      }
    }
  }, 60_000);

  it('[F37, F51] are the same however often a visit was cut, and at whichever message', async () => {
    const a = Array.from({ length: 19 }, (_, i) => i + 1);
    const whole = await two('whole', a, [1]);
    expect(await attempt(...whole)).toEqual([]);
    const expected = await pseudonyms(whole[0]);
    // Two hellos, five batches each way, two dones.
    for (let cutAfter = 0; cutAfter < 14; cutAfter++) {
      const [brand, media] = await two('whole', a, [1], { place: `cut ${cutAfter}` });
      const failed = await attempt(brand, media, cutAfter);
      expect(failed.length).toBeGreaterThan(0);
      for (const error of failed) expect(error).toBeInstanceOf(LinkError);
      expect(await attempt(brand, media)).toEqual([]);
      expect(await pseudonyms(brand)).toEqual(expected);
      expect((await servedList(media.work, 'served-brand'))?.count).toBe(19);
    }
  });
});

describe('a hostile end of a visit', () => {
  const ids = Array.from({ length: 19 }, (_, i) => i + 1);

  it('[F17, F18] elements that are none end the visit on the side that gets them', async () => {
    const [brand, media] = await two('elements', ids, [1]);
    const broken = (message: Uint8Array) => (message[0] === 2 ? message.fill(0xff, 22) : message);
    const [here, there] = channelPair(undefined, broken);
    const list = brand.list();
    const set = (await list.prepared())!;
    await list.blind(set, signal);
    const [, ofServer] = await Promise.allSettled([
      list.visit(set, 0, here, { signal, opening: 'speak' }),
      serve(media, brand, there).finally(() => there.close()),
    ]);
    expect(ofServer).toMatchObject({ status: 'rejected', reason: expect.any(ProtocolError) });
  });

  it('[F30] a batch that is not the one evaluated before is refused when the run goes on', async () => {
    const [brand, media] = await two('swapped', ids, [1]);
    // Cut after the first answers: the server remembers what it evaluated.
    await attempt(brand, media, 6);
    const other = await party(
      'swapped other',
      ['brand', 'media'],
      ids.map((id) => id + 100),
    );
    const errors = await attempt({ ...brand, list: other.list }, media);
    expect(errors).toContainEqual(expect.objectContaining({ code: 'commitment' }));
  });

  it('[F22] a server that answers all rows alike is noticed before a pseudonym is used', async () => {
    const [brand, media] = await two('alike', ids, [1]);
    let first: Uint8Array | undefined;
    const alike = (message: Uint8Array, from: 0 | 1) => {
      if (from === 0 || message[0] !== 3) return message;
      first ??= message.slice(22, 54);
      for (let at = 22; at < message.length; at += 32) message.set(first, at);
      return message;
    };
    const [here, there] = channelPair(undefined, alike);
    const list = brand.list();
    const set = (await list.prepared())!;
    await list.blind(set, signal);
    const ends = await Promise.allSettled([
      list.visit(set, 0, here, { signal, opening: 'speak' }).finally(() => here.close()),
      serve(media, brand, there).finally(() => there.close()),
    ]);
    // Both compare what was said; a server that also lies about that is caught by the pseudonyms.
    expect(ends.map(({ status }) => status)).toContain('rejected');
    await expect(pseudonyms(brand)).rejects.toMatchObject({ code: 'not-distinct' });
  });
});
