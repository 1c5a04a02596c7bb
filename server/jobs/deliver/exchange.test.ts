import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkBytes, decodeDeliver, encodeDeliver } from '@causeway/core/applications/deliver';
import { bytesToHex } from '@causeway/core/bytes';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinkError } from '../../link/index.ts';
import { channelPair } from '../match/testing/channels.ts';
import { openWorkFolder, type WorkFolder } from '../work/index.ts';
import { type DeliverExchange, deliverFiles, provide, take } from './exchange.ts';

let folder: string;
let places = 0;
const values = new SeededRandom('values').bytes(2 * chunkBytes + 1000);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-deliver-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Sides {
  readonly provider: DeliverExchange;
  readonly receiver: DeliverExchange;
}

async function sides(
  changes: { readonly receiver?: Partial<DeliverExchange>; readonly values?: Uint8Array } = {},
): Promise<Sides> {
  const place = async () => openWorkFolder(join(folder, `place-${places++}`), { durable: 'no' });
  const of = (name: string, work: WorkFolder): DeliverExchange => ({
    job: 'job-1',
    agreement: 'a'.repeat(64),
    work,
    random: new SeededRandom(`${name} ${places}`),
    list: 'b'.repeat(64),
    silenceMs: 5_000,
    onHeard: () => {},
    onProgress: () => {},
  });
  const provider = of('provider', await place());
  await writeFile(provider.work.path(deliverFiles.lines), changes.values ?? values);
  return { provider, receiver: { ...of('receiver', await place()), ...changes.receiver } };
}

/** One attempt. @returns how each side ended: `done`, or the code of what it threw; and how often rows were made. */
async function attempt({ provider, receiver }: Sides, pair = channelPair()) {
  const [a, b] = pair;
  const never = new AbortController().signal;
  let made = 0;
  const ended = (work: Promise<unknown>, channel: typeof a) =>
    work.then(
      () => 'done',
      (error) => {
        channel.close();
        return error instanceof LinkError ? 'cut' : (error as { code: string }).code;
      },
    );
  const result = await Promise.all([
    ended(provide(provider, { channel: a, signal: never, first: undefined }), a),
    ended(
      take(receiver, { channel: b, signal: never, first: undefined }, async () => {
        made++;
      }),
      b,
    ),
  ]);
  return { result, made };
}

const came = async ({ receiver }: Sides) =>
  bytesToHex(new Uint8Array(await readFile(receiver.work.path(deliverFiles.lines))));

/** Changes the n-th chunk that the provider sends. */
const onChunk = (index: number, change: (bytes: Uint8Array) => Uint8Array) =>
  channelPair(Number.POSITIVE_INFINITY, (bytes, from) => {
    const message = decodeDeliver(bytes);
    return from === 0 && message.type === 'chunk' && message.index === index ? change(bytes) : bytes;
  });

describe('a delivery', () => {
  it('comes out as it went in, and nothing that travels holds a piece of it', async () => {
    const both = await sides();
    const seen: Uint8Array[] = [];
    const { result, made } = await attempt(
      both,
      channelPair(Number.POSITIVE_INFINITY, (bytes) => {
        seen.push(bytes);
        return bytes;
      }),
    );
    expect(result).toEqual(['done', 'done']);
    expect(made).toBe(1);
    expect(await came(both)).toBe(bytesToHex(values));
    const sent = Buffer.concat(seen);
    for (let at = 0; at < values.length; at += chunkBytes / 4)
      expect(sent.includes(Buffer.from(values.subarray(at, at + 16)))).toBe(false);
  });

  it('[F50] cut at any message, goes on from what is held, and is sealed once', async () => {
    for (let cutAfter = 0; cutAfter < 7; cutAfter++) {
      const both = await sides();
      await attempt(both, channelPair(cutAfter));
      const sealed = await readFile(both.provider.work.path(deliverFiles.sealed)).catch(() => undefined);
      expect((await attempt(both)).result).toEqual(['done', 'done']);
      expect(await came(both)).toBe(bytesToHex(values));
      const again = await readFile(both.provider.work.path(deliverFiles.sealed));
      if (sealed && sealed.length > 0) expect(again.equals(sealed)).toBe(true);
    }
  });

  it('is told again to a provider that lost the end', async () => {
    const both = await sides();
    await attempt(both);
    expect((await attempt(both)).result).toEqual(['done', 'done']);
  });
});

describe('a delivery is refused', () => {
  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['a changed chunk', (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)), 'commitment'],
    [
      'a chunk in another place',
      (bytes) => {
        const message = decodeDeliver(bytes);
        return message.type === 'chunk' ? encodeDeliver({ ...message, index: 2 }) : bytes;
      },
      'wrong-order',
    ],
    [
      'a shorter chunk',
      (bytes) => {
        const message = decodeDeliver(bytes);
        return message.type === 'chunk' ? encodeDeliver({ ...message, sealed: message.sealed.subarray(1) }) : bytes;
      },
      'wrong-count',
    ],
    ['another message', () => encodeDeliver({ type: 'received' }), 'wrong-order'],
  ])('with %s', async (_, change, code) => {
    const both = await sides();
    const { result, made } = await attempt(both, onChunk(1, change));
    expect(result[1]).toBe(code);
    expect(made).toBe(0);
  });

  it('where the two sides hold other lists, before anything is sealed', async () => {
    const both = await sides({ receiver: { list: 'c'.repeat(64) } });
    const { result } = await attempt(both);
    expect(result).toContain('commitment');
    await expect(readFile(both.provider.work.path(deliverFiles.sealed))).rejects.toThrow();
  });

  it('under another agreement', async () => {
    const both = await sides({ receiver: { agreement: 'd'.repeat(64) } });
    expect((await attempt(both)).result[1]).toBe('wrong-plan');
  });

  it('to a receiver that came back with another key, or claims more than there is', async () => {
    const both = await sides();
    await attempt(both, channelPair(4));
    const other = await sides();
    expect((await attempt({ provider: both.provider, receiver: other.receiver })).result[0]).toBe('wrong-key');
    const greedy = await sides();
    const more = channelPair(Number.POSITIVE_INFINITY, (bytes) => {
      const message = decodeDeliver(bytes);
      return message.type === 'open' ? encodeDeliver({ ...message, held: 99 }) : bytes;
    });
    expect((await attempt(greedy, more)).result[0]).toBe('wrong-count');
  });

  it('from a provider that came back with other values', async () => {
    const both = await sides();
    await attempt(both, channelPair(5));
    const other = await sides({ values: new SeededRandom('other').bytes(500) });
    expect((await attempt({ provider: other.provider, receiver: both.receiver })).result[1]).toBe('transcript');
  });
});
