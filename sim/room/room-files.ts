/** What a simulated node keeps of a room, on its disk. */

import { bytesOf, type WorkFolder } from '@causeway/server/jobs/work';
import type { KeptAnswer, KeptAudience, RoomFiles } from '@causeway/server/rooms';
import type { Life } from '../node/life.ts';
import type { RoomPlay } from './play.ts';

/** Name of the folder on the node's disk. */
export function roomFolderName(room: string): string {
  return `room of ${room}`;
}

const secretFile = 'secret';
export const placesFile = 'rows-by-place';

export class SimulatedRoomFiles implements RoomFiles {
  readonly path: string;
  readonly tables = 'tables';
  readonly guard = 'guard';
  readonly audiences = 'audiences';
  readonly places = 'places';
  readonly #folder: WorkFolder;
  readonly #life: Life;
  readonly #play: RoomPlay;

  constructor(life: Life, play: RoomPlay, room: string) {
    this.path = roomFolderName(room);
    this.#folder = life.node.disk.folder(this.path, life.process);
    this.#life = life;
    this.#play = play;
  }

  async makeRowsByPlace(): Promise<string> {
    return placesFile;
  }

  async keepRowsByPlace(rows: readonly number[]): Promise<void> {
    await this.#folder.writeSmall(placesFile, bytesOf(Uint32Array.from(rows)));
  }

  async rowsByPlace(): Promise<Uint32Array | undefined> {
    const bytes = await this.#folder.readSmall(placesFile);
    return bytes && new Uint32Array(Uint8Array.from(bytes).buffer);
  }

  async forgetPlaces(): Promise<void> {
    await this.#folder.remove(placesFile);
    await this.#flush();
  }

  async make(): Promise<void> {}

  async makeAudiences(): Promise<void> {}

  tableFiles(): [] {
    return [];
  }

  async keepTable(index: number, rows: Uint8Array): Promise<void> {
    await this.#folder.writeSmall(`table-${index}`, rows);
  }

  async table(index: number): Promise<Uint8Array | undefined> {
    return this.#folder.readSmall(`table-${index}`);
  }

  async secret(): Promise<Uint8Array> {
    const kept = await this.#folder.readSmall(secretFile);
    const secret = kept ?? this.#life.process.random.bytes(32);
    if (!kept) await this.#folder.writeSmall(secretFile, secret);
    this.#play.secrets.push(secret);
    return secret;
  }

  async keepAnswer(answer: KeptAnswer): Promise<void> {
    this.#moment('keep');
    if (this.#life.node.world.canary === 'answer-not-kept') return;
    await this.#keep(`${answer.question}.answer`, answer);
  }

  async answer(question: string): Promise<KeptAnswer | undefined> {
    return this.#read<KeptAnswer>(`${question}.answer`);
  }

  async answers(): Promise<KeptAnswer[]> {
    const names = this.#life.node.disk.namesIn(this.path).filter((name) => name.endsWith('.answer'));
    const found = await Promise.all(names.map((name) => this.#read<KeptAnswer>(name)));
    return found.filter((answer) => answer !== undefined);
  }

  async keepAudience(kept: KeptAudience, bits: Uint8Array): Promise<void> {
    this.#moment('select');
    await this.#folder.writeSmall(`${kept.audience}.bits`, bits);
    await this.#keep(`${kept.audience}.audience`, kept);
  }

  async audience(name: string): Promise<{ readonly kept: KeptAudience; readonly bits: Uint8Array } | undefined> {
    const kept = await this.#read<KeptAudience>(`${name}.audience`);
    const bits = kept && (await this.#folder.readSmall(`${name}.bits`));
    return kept && bits && { kept, bits };
  }

  async erase(): Promise<void> {
    this.#moment('erase');
    if (this.#life.node.world.canary === 'room-not-erased') return;
    await this.#folder.erase();
    await this.#flush();
  }

  async #keep(name: string, content: unknown): Promise<void> {
    await this.#folder.writeSmall(name, Buffer.from(JSON.stringify(content)));
  }

  async #read<T>(name: string): Promise<T | undefined> {
    const kept = await this.#folder.readSmall(name);
    return kept && (JSON.parse(Buffer.from(kept).toString()) as T);
  }

  /** What was erased is not back after a crash. */
  #flush(): Promise<void> {
    return this.#life.node.disk.flush(this.path, this.#life.process);
  }

  #moment(stage: string): void {
    const { node } = this.#life;
    node.world.moment(`${node.organisation} ${stage}`);
  }
}
