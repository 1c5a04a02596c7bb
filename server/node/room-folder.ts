/** What a node keeps of a room: at its keeper tables and secrets, until it is closed; at everyone who asked, the answers. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RoomTerms } from '@causeway/core/applications/room';
import { roomTablePath, type TableFiles } from '../engine/index.ts';

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

  async make(): Promise<void> {
    for (const folder of [this.tables, this.guard, this.#answers])
      await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  /** Parquet files of the tables, by their names in questions. */
  tableFiles({ contributors }: RoomTerms): TableFiles[] {
    return contributors.map(({ table }, i) => ({ name: table, files: [roomTablePath(this.tables, i)] }));
  }

  /** Of this room alone: who has it takes the noise off its answers. 32 bytes. */
  async secret(): Promise<Uint8Array> {
    const file = join(this.path, 'secret');
    const kept = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
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
    const text = await readFile(join(this.#answers, `${question}.json`), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return undefined;
      },
    );
    return text === undefined ? undefined : (JSON.parse(text) as KeptAnswer);
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
    await rm(this.path, { recursive: true, force: true });
  }

  get #answers(): string {
    return join(this.path, 'answers');
  }
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, content, { mode: 0o600, flush: true });
  await rename(`${path}.partial`, path);
}
