/**
 * This organisation's keys as a publisher of PAIR: Ks, which changes after 30 days, and Kp, which changes after 180 (PAIR 1.0, "Key generation"). They are the
 * same for every advertiser, and what they were before is kept as long as lists made with them are in use, and then forgotten.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import { hashKeyBytes } from '@causeway/core/protocols/pair';
import type { RandomSource } from '@causeway/core/random';
import { z } from 'zod';
import { writeWhole } from '../home/index.ts';
import type { PublisherKeys } from '../jobs/activate/index.ts';
import { dayMs } from './proposal.ts';

const hashKeyDays = 30;
const scalarDays = 180;
/** For how long a list is in use: after that, ids under the keys that it was made with are no more. */
const listDays = 30;

const key = z.string().regex(/^[0-9a-f]{64}$/);
const epoch = z.strictObject({
  hashKey: key,
  hashKeyFromMs: z.number().int(),
  scalar: key,
  scalarFromMs: z.number().int(),
});
const stored = z.strictObject({ version: z.literal(1), epochs: z.array(epoch).min(1).max(2) });

type Epoch = z.infer<typeof epoch>;

export class PairKeys {
  readonly #folder: string;
  readonly #kernel: Pick<Kernel, 'randomScalar'>;
  readonly #random: RandomSource;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param of.folder where they are kept; made when it is needed. */
  constructor(of: {
    readonly folder: string;
    readonly kernel: Pick<Kernel, 'randomScalar'>;
    readonly random: RandomSource;
  }) {
    this.#folder = of.folder;
    this.#kernel = of.kernel;
    this.#random = of.random;
  }

  /** The keys of now, and behind them those whose ids are still in use. One caller at a time: two would draw two keys. */
  current(nowMs: number): Promise<readonly PublisherKeys[]> {
    const result = this.#turn.then(() => this.#current(nowMs));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #current(nowMs: number): Promise<readonly PublisherKeys[]> {
    const known = await this.#read();
    const epochs = this.#rotated(known, nowMs);
    if (JSON.stringify(epochs) !== JSON.stringify(known)) {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWhole(this.#file, JSON.stringify({ version: 1, epochs }));
    }
    return epochs.map(({ hashKey, scalar }) => ({ hashKey: hexToBytes(hashKey), scalar: hexToBytes(scalar) }));
  }

  #rotated([current, previous]: readonly Epoch[], nowMs: number): Epoch[] {
    if (current && endsMs(current) > nowMs) {
      const inUse = previous && current.hashKeyFromMs + listDays * dayMs > nowMs;
      return inUse ? [current, previous] : [current];
    }
    const keepsScalar = current && current.scalarFromMs + scalarDays * dayMs > nowMs;
    const next: Epoch = {
      hashKey: bytesToHex(this.#random.bytes(hashKeyBytes)),
      hashKeyFromMs: nowMs,
      scalar: keepsScalar ? current.scalar : bytesToHex(this.#kernel.randomScalar(this.#random)),
      scalarFromMs: keepsScalar ? current.scalarFromMs : nowMs,
    };
    const inUse = current && endsMs(current) + listDays * dayMs > nowMs;
    return inUse ? [next, current] : [next];
  }

  get #file(): string {
    return join(this.#folder, 'keys.json');
  }

  async #read(): Promise<readonly Epoch[]> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    // A damaged file is no reason to draw new keys: all ids of the publisher would change without a word.
    return stored.parse(JSON.parse(text)).epochs;
  }
}

/** When the keys change: with the older of the two. */
function endsMs({ hashKeyFromMs, scalarFromMs }: Epoch): number {
  return Math.min(hashKeyFromMs + hashKeyDays * dayMs, scalarFromMs + scalarDays * dayMs);
}
