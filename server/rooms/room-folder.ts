/** What a node keeps of a room: at its keeper tables and secrets, until it is closed; at everyone who asked, the answers. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudienceRequest, CompiledAudience } from '@causeway/core/applications/request';
import type { RoomTerms } from '@causeway/core/applications/room';
import { roomPlacesPath, roomTablePath, type TableFiles } from '../engine/index.ts';
import { eraseWhole, writeWhole } from '../home/index.ts';

/** Answers that were given, as they are kept. */
export interface KeptAnswer {
  /** Digests as they stand on the ledger, hexadecimal. */
  readonly question: string;
  readonly result: string;
  /** What stands before the numbers in the hash, hexadecimal. */
  readonly salt: string;
  readonly statement: string;
  readonly atMs: number;
  readonly rho: number;
  readonly numbers: unknown;
  readonly answer: unknown;
}

/** An audience that was given, as it is kept: at the keeper for all who contribute, at its receiver beside the rows. */
export interface KeptAudience {
  /** Digests as they stand on the ledger, hexadecimal. */
  readonly audience: string;
  readonly result: string;
  /** What stands before the bits in the hash, hexadecimal. */
  readonly salt: string;
  readonly receiver: string;
  /** Of whose upload, one bit a place. */
  readonly places: number;
  readonly request: AudienceRequest;
  /** The rule, and what the estimate told of the size. */
  readonly words: CompiledAudience['words'];
  readonly size: readonly CompiledAudience['words'][];
  readonly atMs: number;
}

/** What is kept of one room, wherever it is kept. */
export type RoomFiles = Pick<RoomFolder, keyof RoomFolder>;

export class RoomFolder {
  /** The room's own folder. */
  readonly path: string;

  /** @param home of the node. @param room id of the job that loads it. */
  constructor(home: string, room: string) {
    this.path = join(home, 'rooms', room);
  }

  /** Where the tables stand, and nothing else. */
  get tables(): string {
    return join(this.path, 'tables');
  }

  /** Where the guard of exact answers keeps what they have told. */
  get guard(): string {
    return join(this.path, 'guard');
  }

  /** Where audiences are kept. */
  get audiences(): string {
    return join(this.path, 'audiences');
  }

  /** Who stands at which place of the upload whose rows audiences are given of. */
  get places(): string {
    return roomPlacesPath(this.tables);
  }

  /** At the receiver of audiences: its own row numbers, 32-bit, in the order of its upload. */
  get #rowsByPlace(): string {
    return join(this.path, 'rows-by-place');
  }

  /** @returns where the receiver's row numbers go. */
  async makeRowsByPlace(): Promise<string> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    return this.#rowsByPlace;
  }

  /** @returns row numbers in the order of the upload; undefined once the room is erased. */
  async rowsByPlace(): Promise<Uint32Array | undefined> {
    const bytes = await readIfAny(this.#rowsByPlace);
    return bytes && new Uint32Array(Uint8Array.from(bytes).buffer);
  }

  /** What links the own rows to the room: it goes when the room goes, and answers stay. */
  async forgetPlaces(): Promise<void> {
    await eraseWhole(this.#rowsByPlace);
  }

  async makeAudiences(): Promise<void> {
    await mkdir(this.audiences, { recursive: true, mode: 0o700 });
  }

  async keepAudience(kept: KeptAudience, bits: Uint8Array): Promise<void> {
    await this.makeAudiences();
    await writeWhole(this.#bits(kept.audience), bits);
    await writeWhole(join(this.audiences, `${kept.audience}.json`), JSON.stringify(kept));
  }

  async audience(name: string): Promise<{ readonly kept: KeptAudience; readonly bits: Uint8Array } | undefined> {
    const text = await readIfAny(join(this.audiences, `${name}.json`));
    if (text === undefined) return undefined;
    const bits = new Uint8Array(await readFile(this.#bits(name)));
    return { kept: JSON.parse(text.toString()) as KeptAudience, bits };
  }

  async make(): Promise<void> {
    for (const folder of [this.tables, this.guard, this.#answers, this.audiences])
      await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  /** Parquet files of the tables, by their names in questions. */
  tableFiles({ contributors }: RoomTerms): TableFiles[] {
    return contributors.map(({ table }, i) => ({ name: table, files: [roomTablePath(this.tables, i)] }));
  }

  /** Of this room alone: who has it takes the noise off its answers. 32 bytes. */
  async secret(): Promise<Uint8Array> {
    const file = join(this.path, 'secret');
    const kept = await readIfAny(file);
    if (kept) return new Uint8Array(kept);
    const drawn = randomBytes(32);
    await writeWhole(file, drawn);
    return new Uint8Array(drawn);
  }

  async keepAnswer(answer: KeptAnswer): Promise<void> {
    await mkdir(this.#answers, { recursive: true, mode: 0o700 });
    await writeWhole(join(this.#answers, `${answer.question}.json`), JSON.stringify(answer));
  }

  async answer(question: string): Promise<KeptAnswer | undefined> {
    const text = await readIfAny(join(this.#answers, `${question}.json`));
    return text === undefined ? undefined : (JSON.parse(text.toString()) as KeptAnswer);
  }

  /** In the order in which they were given. */
  async answers(): Promise<KeptAnswer[]> {
    const names = await readdir(this.#answers).catch(() => []);
    const found = await Promise.all(
      names.filter((name) => /^[0-9a-f]{64}\.json$/.test(name)).map((name) => this.answer(name.slice(0, 64))),
    );
    return found.filter((answer) => answer !== undefined).sort((a, b) => a.atMs - b.atMs);
  }

  async erase(): Promise<void> {
    await eraseWhole(this.path);
  }

  get #answers(): string {
    return join(this.path, 'answers');
  }

  #bits(audience: string): string {
    return join(this.audiences, `${audience}.bits`);
  }
}

async function readIfAny(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}
