/** What becomes of an audience at the one who is given it: places in its upload are brought back to rows of its dataset, and kept under a name. */
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { audiencePlaceOf } from '@causeway/core/applications/room';
import type { RoomState } from '@causeway/core/ledger';
import { NodeError } from '../home/index.ts';
import { BitSet } from '../jobs/work/index.ts';
import { type AudienceTold, type RoomAudiences, RoomFolder, roomTermsOf } from '../rooms/index.ts';
import type { AudienceRow } from '../store/index.ts';
import { writeRows } from './row-file.ts';
import type { Services } from './services.ts';

export class ReceivedAudiences {
  readonly #services: Services;
  readonly #audiences: RoomAudiences;

  constructor(services: Services, audiences: RoomAudiences) {
    this.#services = services;
    this.#audiences = audiences;
  }

  /**
   * Has an audience made of the own rows, and keeps it under a name.
   * @throws {NodeError} `not-a-receiver`, `conflict`; {LinkError} with what the keeper refuses.
   */
  async select(of: {
    readonly room: RoomState;
    readonly request: unknown;
    readonly name?: string | undefined;
  }): Promise<{ readonly row: AudienceRow; readonly told: AudienceTold }> {
    const fetched = await this.#audiences.fetch(of.room, of.request);
    const row = await this.#keep({ ...fetched, room: of.room, name: of.name });
    const { salt: _, places: __, request: ___, ...told } = fetched.given;
    return { row, told };
  }

  async #keep(of: Awaited<ReturnType<RoomAudiences['fetch']>> & { room: RoomState; name: string | undefined }) {
    const { home, store, clock } = this.#services;
    const { room, given, bits } = of;
    const dataset = await this.#dataset(room);
    const folder = new RoomFolder(home.folder, room.room);
    const rowsByPlace = await folder.rowsByPlace();
    if (rowsByPlace?.length !== given.places)
      throw new NodeError('conflict', 'this node does not know any more which of its rows it brought to the room');
    await folder.keepAudience(given, bits);
    const rows = new BitSet(dataset.rows);
    for (const [place, row] of rowsByPlace.entries()) if (isSet(bits, place)) rows.add(row);
    await mkdir(join(home.folder, 'audiences'), { recursive: true, mode: 0o700 });
    const filePath = `audiences/${room.room}-${given.audience.slice(0, 16)}.rows`;
    const bytes = await writeRows(join(home.folder, filePath), rows);
    return store.audiences.create({
      id: `aud-${given.audience.slice(0, 32)}`,
      job: room.room,
      dataset: dataset.id,
      name: of.name ?? `${dataset.name} × ${room.room.slice(-8)} ${given.audience.slice(0, 8)}`,
      rows: rows.count(),
      filePath,
      digest: createHmac('sha256', home.keys.localSecret).update(room.room).update(bytes).digest('hex'),
      atMs: clock.wallMs(),
    });
  }

  /** Whose rows they are. */
  async #dataset(room: RoomState) {
    const { store } = this.#services;
    const terms = await roomTermsOf(store, room);
    const place = terms && audiencePlaceOf(terms);
    const own = place === undefined ? undefined : terms?.contributors[place];
    const dataset = own && (await store.datasets.find(own.dataset));
    if (dataset?.status === 'published') return dataset;
    throw new NodeError('conflict', 'the dataset that was brought to the room is not there any more');
  }
}

function isSet(bits: Uint8Array, place: number): boolean {
  return ((bits[place >>> 3]! >>> (place & 7)) & 1) === 1;
}
