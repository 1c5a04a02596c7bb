/**
 * The table of one scope at the side that serves it, as it lies in its folder: the state in one small file, replaced as a whole, and files that
 * bear their epoch and version in their names and are never written to again. What a job uses of them it links into its own folder.
 */
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { EarlierVersion, Table } from '@causeway/core/protocols/psi-oprf';
import type { WorkFolder } from '../../work/index.ts';
import { codedNames } from './coded-list.ts';

export interface ServedTable {
  readonly table: Table;
  /** Versions that a client can be brought from, oldest first. */
  readonly earlier: readonly EarlierVersion[];
  /** Names what the list was made of: see `OprfPorts.source`. */
  readonly source: string;
  /** Of the list: see `KeySet`. */
  readonly digest: string;
  readonly rowCount: number;
  /** Bytes of the coded table. */
  readonly bytes: number;
  readonly preparedAtMs: number;
  /** Files of earlier states, which are removed as soon as this one stands. */
  readonly stale: readonly string[];
}

type Place = { readonly epoch: number; readonly version: number };

/** The epoch's secret key, 32 bytes. */
export const keyFile = ({ epoch }: Pick<Place, 'epoch'>): string => `epoch-${epoch}.key`;
/** Distinct match keys in ascending order. */
export const listFile = (place: Place): string => `${versionName(place)}.keys`;
/** A tag for each of them, in the same order. */
export const tagsFile = (place: Place): string => `${versionName(place)}.tags`;
/** The coded table. */
export const tableFile = (place: Place): string => `${versionName(place)}.table`;
/** The coded change that leads to this version. */
export const changeFile = (place: Place, list: 'removed' | 'added'): string => `${versionName(place)}.${list}`;

const stateFile = 'served';

export async function readServed(folder: WorkFolder): Promise<ServedTable | undefined> {
  const stored = await folder.readSmall(stateFile);
  if (!stored) return undefined;
  const { table, earlier, ...rest } = JSON.parse(Buffer.from(stored).toString());
  return {
    ...rest,
    table: tableOf(table),
    earlier: earlier.map((version: EarlierVersion & { root: string }) => ({
      ...version,
      root: hexToBytes(version.root),
    })),
  };
}

export async function writeServed(folder: WorkFolder, { table, earlier, ...rest }: ServedTable): Promise<void> {
  const stored = {
    ...rest,
    table: storedTable(table),
    earlier: earlier.map((version) => ({ ...version, root: bytesToHex(version.root) })),
  };
  await folder.writeSmall(stateFile, Buffer.from(JSON.stringify(stored)));
}

/** Lets the table go, because it is damaged: the next one is of a new key. */
export async function forgetServed(folder: WorkFolder): Promise<void> {
  const served = await readServed(folder);
  await folder.remove(stateFile);
  for (const name of served ? [...filesOf(served), ...served.stale] : []) await folder.remove(name);
}

/** All files that a state names. */
export function filesOf({ table, earlier }: Pick<ServedTable, 'table' | 'earlier'>): string[] {
  const changes = earlier.flatMap((_, i) =>
    (['removed', 'added'] as const).map((list) => changeFile({ epoch: table.epoch, version: table.version - i }, list)),
  );
  const lists = [tableFile(table), ...changes].flatMap((name) => Object.values(codedNames(name)));
  return [keyFile(table), listFile(table), tagsFile(table), ...lists];
}

type StoredTable = Omit<Table, 'publicKey' | 'root'> & { readonly publicKey: string; readonly root: string };

/** A table's description as JSON. */
export function storedTable(table: Table): StoredTable {
  return { ...table, publicKey: bytesToHex(table.publicKey), root: bytesToHex(table.root) };
}

export function tableOf(stored: StoredTable): Table {
  return { ...stored, publicKey: hexToBytes(stored.publicKey), root: hexToBytes(stored.root) };
}

function versionName({ epoch, version }: Place): string {
  return `epoch-${epoch}.version-${version}`;
}
