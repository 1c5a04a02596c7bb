/** A party's list as its jobs see it: the match keys of one kind of identifier, in the work folder. */
import { concatBytes, utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { bytesOf, type WorkFolder, withFiles } from '@causeway/server/jobs/work';
import type { Party } from '../scenario/organisations.ts';
import type { World } from '../world/world.ts';

export interface KeysWanted {
  readonly work: WorkFolder;
  readonly round: number;
  readonly files: { readonly keys: string; readonly rows: string };
  /** Rows that take no part. */
  readonly exclude?: { has(row: number): boolean } | undefined;
}

/** The match key of an identifier. */
export function matchKeyOf(kind: number, id: string): Uint8Array {
  return sha256(utf8ToBytes(`kind ${kind}: ${id}`)).slice(0, 16);
}

/** @returns how many rows have one. */
export async function bringKeys(world: World, party: Party, wanted: KeysWanted): Promise<number> {
  const { work, round, files, exclude } = wanted;
  const list = world.setting.lists[party];
  const brought = world.canary === 'row-forgotten' && party === 'media' ? list.slice(0, -1) : list;
  const rows = brought.flatMap((ids, row) => {
    const id = ids[round];
    return id === undefined || exclude?.has(row) ? [] : [{ row, key: matchKeyOf(round, id) }];
  });
  if (world.canary === 'file-left-open') await work.open(files.keys);
  await withFiles(work, files, async (opened) => {
    await opened.keys.write(0, concatBytes(...rows.map(({ key }) => key)));
    await opened.rows.write(0, bytesOf(Uint32Array.from(rows, ({ row }) => row)));
  });
  return rows.length;
}
