/**
 * What a room's exact answers have told, kept in a folder of the room: sets of people, which leave it with the room's data. Sets are on the disk before their
 * numbers are given to anybody, so an answer that a crash cut off counts as told.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTold, encodeTold, type ReleasedSet, requireTellable } from '@causeway/core/policy/query';
import { systemDisk, writeFileWhole } from '../engine/disk.ts';

/** An exact answer that is ready, and what it would tell. */
export interface ExactAnswer<Numbers> {
  readonly numbers: Numbers;
  readonly sets: readonly ReleasedSet[];
  /** What counts as told from the start. */
  readonly known: readonly ReleasedSet[];
}

interface Admission<Numbers> {
  /** Names the question or the report. */
  readonly queryKey: string;
  readonly k: number;
  readonly compute: (path: string) => Promise<ExactAnswer<Numbers>>;
}

interface Told {
  readonly known: ReleasedSet[];
  readonly released: ReleasedSet[];
  readonly keys: Set<string>;
}

const ending = '.told';

export class AnswerGuard {
  readonly #folder: string;
  readonly #isStrict: boolean;
  #told: Told | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param of.folder exists; of one room and one epoch of its data, and of this guard alone.
   * @param of.isStrict whether no combination of answers may be about too few, or no pair.
   */
  constructor(of: { readonly folder: string; readonly isStrict: boolean }) {
    this.#folder = of.folder;
    this.#isStrict = of.isStrict;
  }

  /**
   * One exact answer at a time, for each is held against all before it.
   * @param of.compute given a path at which it may write, until it has ended.
   * @throws {QueryRefused} `difference`, `too-fine`. @throws {DecodeError} where what is kept was damaged: nothing is answered exactly any more.
   */
  async admit<Numbers>(of: Admission<Numbers>): Promise<Numbers> {
    const turn = this.#last.then(() => this.#admit(of));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #admit<Numbers>({ queryKey, k, compute }: Admission<Numbers>): Promise<Numbers> {
    this.#told ??= await this.#read();
    const { known, released, keys } = this.#told;
    const answer = await this.#computed(compute);
    const added = answer.known.filter((set) => !known.some((other) => isSame(set, other)));
    const told = { known: [...known, ...added], released };
    requireTellable({ sets: answer.sets, told, k, isStrict: this.#isStrict });
    if (!keys.has(queryKey)) {
      await this.#write(queryKey, encodeTold({ known: added, released: answer.sets }));
      known.push(...added);
      released.push(...answer.sets);
      keys.add(queryKey);
    }
    return answer.numbers;
  }

  async #computed<Numbers>(compute: Admission<Numbers>['compute']): Promise<ExactAnswer<Numbers>> {
    const path = join(this.#folder, `${randomUUID()}.persons`);
    try {
      return await compute(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #read(): Promise<Told> {
    const told: Told = { known: [], released: [], keys: new Set() };
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith(ending)) {
        // Of a turn that a crash cut off.
        await rm(join(this.#folder, name), { force: true });
        continue;
      }
      const { known, released } = decodeTold(await readFile(join(this.#folder, name)));
      told.known.push(...known);
      told.released.push(...released);
      told.keys.add(name.slice(0, -ending.length));
    }
    return told;
  }

  async #write(queryKey: string, bytes: Uint8Array): Promise<void> {
    const file = await writeFileWhole(systemDisk, join(this.#folder, `${queryKey}${ending}`), randomUUID());
    try {
      await file.write(bytes);
      await file.finish();
    } catch (error) {
      await file.discard();
      throw error;
    }
  }
}

function isSame(a: ReleasedSet, b: ReleasedSet): boolean {
  const owners = a.owners.length === b.owners.length && a.owners.every((owner) => b.owners.includes(owner));
  return owners && a.persons.size === b.persons.size && a.persons.differenceTo(b.persons) === 0;
}
