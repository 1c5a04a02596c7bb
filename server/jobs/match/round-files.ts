/** What a round keeps in the job's folder: its files by name, its list, and small results that survive a restart. */
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import { BitSet, type WorkFolder } from '../work/index.ts';
import { buildKeySet, type KeyOrder, type KeySet, type KeySetPorts } from './key-set.ts';
import type { ExchangeResult, RoundResult } from './match-round.ts';

interface StoredExchange {
  readonly peer: { readonly count: number; readonly root: string; readonly kernel: string };
  readonly transcript: string;
  readonly key?: { readonly epoch: number; readonly publicKey: string };
}

export class RoundFiles {
  readonly work: WorkFolder;
  readonly #index: number;

  /** @param index position in the waterfall, from 0. */
  constructor(work: WorkFolder, index: number) {
    this.work = work;
    this.#index = index;
  }

  get keys(): { readonly keys: string; readonly rows: string } {
    return { keys: this.name('keys'), rows: this.name('rows') };
  }

  get set(): string {
    return this.name('set');
  }

  name(part: string): string {
    return `round-${this.#index}.${part}`;
  }

  prepared(): Promise<KeySet | undefined> {
    return this.stored<KeySet>('set.size');
  }

  async prepare(rowCount: number, ports: KeySetPorts, order?: KeyOrder): Promise<KeySet> {
    const size = await buildKeySet(this.work, { ...this.keys, set: this.set }, rowCount, ports, order);
    await this.store('set.size', size);
    return size;
  }

  /** A secret of this round: drawn once, kept until the job's folder is erased. */
  async secret(part: string, draw: () => Uint8Array): Promise<Uint8Array> {
    const kept = await this.work.readSmall(this.name(part));
    if (kept) return kept;
    const drawn = draw();
    await this.work.writeSmall(this.name(part), drawn);
    return drawn;
  }

  async storeExchanged({ peer, transcript, key }: ExchangeResult): Promise<void> {
    const stored: StoredExchange = {
      peer: { ...peer, root: bytesToHex(peer.root) },
      transcript: bytesToHex(transcript),
      ...(key ? { key: { ...key, publicKey: bytesToHex(key.publicKey) } } : {}),
    };
    await this.store('exchanged', stored);
  }

  async exchanged(): Promise<ExchangeResult | undefined> {
    const stored = await this.stored<StoredExchange>('exchanged');
    return (
      stored && {
        peer: { ...stored.peer, root: hexToBytes(stored.peer.root) },
        transcript: hexToBytes(stored.transcript),
        ...(stored.key ? { key: { ...stored.key, publicKey: hexToBytes(stored.key.publicKey) } } : {}),
      }
    );
  }

  /** Computes what this side learned, or finds it computed. @param rowBound rows of the own dataset. */
  async joined(rowBound: number, compute: () => Promise<RoundResult>): Promise<RoundResult> {
    const done = await this.stored<{ matchedKeys: number | null; rows: boolean }>('joined');
    if (done) {
      const bits = done.rows ? await this.work.readSmall(this.name('matched')) : undefined;
      return { matchedKeys: done.matchedKeys ?? undefined, rows: bits && new BitSet(rowBound, bits) };
    }
    const result = await compute();
    if (result.rows) await this.work.writeSmall(this.name('matched'), result.rows.bytes);
    await this.store('joined', { matchedKeys: result.matchedKeys ?? null, rows: result.rows !== undefined });
    return result;
  }

  async stored<T>(part: string): Promise<T | undefined> {
    const bytes = await this.work.readSmall(this.name(part));
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
  }

  async store(part: string, value: unknown): Promise<void> {
    await this.work.writeSmall(this.name(part), Buffer.from(JSON.stringify(value)));
  }
}
