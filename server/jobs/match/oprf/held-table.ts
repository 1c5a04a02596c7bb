/**
 * The table of one scope at the side that was sent it, kept for later runs: the state in one small file, replaced as a whole, and the coded table
 * under the name of its epoch and version. A round takes it by a link, and is not disturbed when another round keeps a newer one.
 */
import { bytesToHex } from '@causeway/core/bytes';
import type { Table } from '@causeway/core/protocols/psi-oprf';
import type { WorkFolder } from '../../work/index.ts';
import type { RoundFiles } from '../round-files.ts';
import { codedNames } from './coded-list.ts';
import type { OprfPorts } from './ports.ts';
import { storedTable, tableFile, tableOf } from './served-table.ts';

type StoredTable = ReturnType<typeof storedTable>;

const stateFile = 'held';
/** Of a round: what it has taken, and the coded list of it. */
const basePart = 'base';
const baseList = 'base.table';

/** The table that a scope's folder holds. */
export async function readHeld(tables: WorkFolder): Promise<Table | undefined> {
  const stored = await tables.readSmall(stateFile);
  return stored && tableOf(JSON.parse(Buffer.from(stored).toString()) as StoredTable);
}

/** Takes what is held as the base of this round, once; nothing may be held, and that is remembered too. */
export async function takeBase(files: RoundFiles, { tables, alone }: OprfPorts): Promise<void> {
  if (await files.stored(basePart)) return;
  await alone(async () => {
    const table = await readHeld(tables);
    if (table) await linkList(tables, tableFile(table), files.work, files.name(baseList));
    await files.store(basePart, table ? { table: storedTable(table) } : { table: null });
  });
}

/** The base that this round has taken: its table, and the name of its coded list in the job's folder. */
export async function readBase(
  files: RoundFiles,
): Promise<{ readonly table: Table; readonly file: string } | undefined> {
  const stored = await files.stored<{ table: StoredTable | null }>(basePart);
  return stored?.table ? { table: tableOf(stored.table), file: files.name(baseList) } : undefined;
}

/** Keeps a table that a round was sent, in place of the one before it. @param file its coded list in the job's folder. */
export async function keepTable(
  files: RoundFiles,
  file: string,
  table: Table,
  { tables, alone }: OprfPorts,
): Promise<void> {
  await alone(async () => {
    const held = await readHeld(tables);
    if (held && bytesToHex(held.root) === bytesToHex(table.root) && held.epoch === table.epoch) return;
    await linkList(files.work, file, tables, tableFile(table));
    await tables.writeSmall(stateFile, Buffer.from(JSON.stringify(storedTable(table))));
    if (!held || tableFile(held) === tableFile(table)) return;
    for (const name of Object.values(codedNames(tableFile(held)))) await tables.remove(name);
  });
}

/** Lets the table go, because it is damaged: the next run is sent all of it. */
export async function forgetHeld({ tables, alone }: OprfPorts): Promise<void> {
  await alone(() => tables.remove(stateFile));
}

async function linkList(from: WorkFolder, file: string, to: WorkFolder, as: string): Promise<void> {
  const [source, target] = [codedNames(file), codedNames(as)];
  await from.link(source.list, to, target.list);
  await from.link(source.index, to, target.index);
}
