/** The version of a table that one round answers under: linked into the job's folder, where it stays whatever becomes of the served one. */

import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { EarlierVersion, Part, Table } from '@causeway/core/protocols/psi-oprf';
import type { WorkFolder } from '../../work/index.ts';
import type { RoundFiles } from '../round-files.ts';
import { codedNames } from './coded-list.ts';
import { changeFile, keyFile, type ServedTable, storedTable, tableFile, tableOf } from './served-table.ts';

export interface Offer {
  readonly table: Table;
  readonly earlier: readonly EarlierVersion[];
}

const offerPart = 'offer';
const keyPart = 'oprf-key';

/** Takes a served table for this round; again it takes nothing. */
export async function takeOffer(files: RoundFiles, tables: WorkFolder, { table, earlier }: ServedTable): Promise<void> {
  const { epoch, version } = table;
  const link = async (from: string, to: string) => {
    const [source, target] = [codedNames(from), codedNames(to)];
    await tables.link(source.list, files.work, target.list);
    await tables.link(source.index, files.work, target.index);
  };
  await link(tableFile(table), offeredFile(files, { list: 'all', version }));
  for (const [i, change] of earlier.entries()) {
    const place = { epoch, version: version - earlier.length + i + 1 };
    for (const list of ['removed', 'added'] as const) {
      if (change[list] > 0) await link(changeFile(place, list), offeredFile(files, { list, version: place.version }));
    }
  }
  await tables.link(keyFile(table), files.work, files.name(keyPart));
  await files.store(offerPart, {
    table: storedTable(table),
    earlier: earlier.map((change) => ({ ...change, root: bytesToHex(change.root) })),
  });
}

/** What this round has taken, if it has. */
export async function readOffer(files: RoundFiles): Promise<Offer | undefined> {
  const stored = await files.stored<{ table: ReturnType<typeof storedTable>; earlier: StoredChange[] }>(offerPart);
  return (
    stored && {
      table: tableOf(stored.table),
      earlier: stored.earlier.map((change) => ({ ...change, root: hexToBytes(change.root) })),
    }
  );
}

type StoredChange = Omit<EarlierVersion, 'root'> & { readonly root: string };

/** The secret key of the offer. */
export async function offeredKey(files: RoundFiles): Promise<Uint8Array> {
  return (await files.work.readSmall(files.name(keyPart)))!;
}

/** Name of the coded list that a part of the shipment is read from. */
export function offeredFile(files: RoundFiles, { list, version }: Pick<Part, 'list' | 'version'>): string {
  return files.name(list === 'all' ? 'table' : `change-${version}-${list}`);
}
