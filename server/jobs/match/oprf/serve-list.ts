/**
 * Brings the served table of a scope to a list: tags what is new under the epoch's key, codes the table and the change that leads to it, publishes
 * the key, and only then replaces the state. Everything before that is found again by an attempt after a crash; nothing is in use before.
 */
import { equalBytes, type RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import {
  type Coding,
  changeCoding,
  drawKey,
  type EarlierVersion,
  earlierVersionsMax,
  keyOf,
  shapeFor,
  type Table,
  type TableShape,
  tableCoding,
  tagBits,
} from '@causeway/core/protocols/psi-oprf';
import type { RandomSource } from '@causeway/core/random';
import { type WorkFolder, withFiles } from '../../work/index.ts';
import type { KeySet } from '../key-set.ts';
import { codeTags } from './code-tags.ts';
import { CodedListReader, codedNames } from './coded-list.ts';
import type { OprfPorts, PublishedKey } from './ports.ts';
import {
  changeFile,
  filesOf,
  keyFile,
  listFile,
  readServed,
  type ServedTable,
  tableFile,
  tagsFile,
  writeServed,
} from './served-table.ts';
import { tagList } from './tag-list.ts';

export interface ServeOptions {
  readonly ports: OprfPorts;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** The list: distinct keys in ascending order, in a file of a folder that may go when this has ended. */
  readonly list: { readonly work: WorkFolder; readonly file: string; readonly set: KeySet };
  /** Evaluations that the key has to answer still. */
  readonly evaluations: number;
  /** Ends the epoch, whatever it could answer still. */
  readonly newEpoch?: boolean;
  readonly batchRows?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

/** What is being made, so that an attempt after a crash goes on with it, or begins anew where the list is another one. */
interface Making extends TableShape {
  readonly digest: string;
  readonly epoch: number;
  readonly version: number;
}

const makingFile = 'making';

/**
 * @param use takes what it needs of the table's files while nobody replaces them.
 * @returns the table, served from now on.
 */
export function serveList(
  options: ServeOptions,
  use: (served: ServedTable) => Promise<void> = async () => {},
): Promise<ServedTable> {
  return options.ports.alone(async () => {
    const served = await serve(options);
    await use(served);
    return served;
  });
}

/** Whether a served table is of this key, and its key answers so many evaluations more. */
export async function canAnswer({ table }: ServedTable, ports: OprfPorts, evaluations: number): Promise<boolean> {
  const newest = await ports.keys.newest();
  if (newest?.epoch !== table.epoch || !samePublicKey(newest, table)) return false;
  return (await ports.budget.spent(table.epoch)) + evaluations <= 2 ** table.evaluationBits;
}

async function serve(options: ServeOptions): Promise<ServedTable> {
  const { ports, list, evaluations } = options;
  const { tables } = ports;
  const served = await readServed(tables);
  // Where a crash came right after the state was replaced, they are still there: an ended key among them.
  for (const name of served?.stale ?? []) await tables.remove(name);
  const goesOn = served !== undefined && !options.newEpoch && (await canAnswer(served, ports, evaluations));
  if (goesOn && served.digest === list.set.digest) return renamed(served, options);
  const base = goesOn && list.set.keyCount <= 2 ** served.table.placeBits ? served : undefined;
  const making = await begin(options, { base, served });
  const next = await make(options, making, base);
  await ports.keys.publish({ epoch: making.epoch, publicKey: next.table.publicKey }, options.signal);
  const stale = [...(served ? withoutOf(filesOf(served), filesOf(next)) : []), ...working(next.table)];
  await writeServed(tables, { ...next, stale });
  for (const name of [...stale, makingFile]) await tables.remove(name);
  return { ...next, stale };
}

/** The same list under another name: nothing of the table changes. */
async function renamed(served: ServedTable, { ports, list }: ServeOptions): Promise<ServedTable> {
  const source = await ports.source();
  if (served.source === source) return served;
  const next = { ...served, source, rowCount: list.set.rowCount };
  await writeServed(ports.tables, next);
  return next;
}

/** Decides on epoch and version, once: an attempt after a crash goes on with what an earlier one has begun of the same list. */
async function begin(
  options: ServeOptions,
  { base, served }: { readonly base: ServedTable | undefined; readonly served: ServedTable | undefined },
): Promise<Making> {
  const { ports, list, evaluations } = options;
  const { tables } = ports;
  const digest = list.set.digest!;
  const newest = await ports.keys.newest();
  const stored = await tables.readSmall(makingFile);
  const begun = stored && (JSON.parse(Buffer.from(stored).toString()) as Making);
  if (begun?.digest === digest && (await canGoOn(begun, options, { base, served, newest }))) return begun;
  const making: Making = base
    ? { ...shapeOf(base.table), digest, epoch: base.table.epoch, version: base.table.version + 1 }
    : {
        ...shapeFor({ rows: list.set.keyCount, evaluations: Math.max(evaluations, ports.evaluationsOfEpoch) }),
        digest,
        epoch: (newest?.epoch ?? 0) + 1,
        version: 1,
      };
  await tables.remove(`${tagsFile(making)}.done`);
  if (!base) await tables.remove(keyFile(making));
  await tables.writeSmall(makingFile, Buffer.from(JSON.stringify(making)));
  return making;
}

/** Whether what was begun is still the next version, or the first one of the next key. */
async function canGoOn(
  making: Making,
  { ports, evaluations, newEpoch }: ServeOptions,
  {
    base,
    served,
    newest,
  }: {
    readonly base: ServedTable | undefined;
    readonly served: ServedTable | undefined;
    readonly newest: PublishedKey | undefined;
  },
): Promise<boolean> {
  if (base) return making.epoch === base.table.epoch && making.version === base.table.version + 1;
  if (making.version !== 1 || 2 ** making.evaluationBits < evaluations) return false;
  if (making.epoch === (newest?.epoch ?? 0) + 1) return true;
  // Its key was published right before a crash, if it is this one and no table is served under it.
  if (served?.table.epoch === making.epoch) return false;
  const kept = await ports.tables.readSmall(keyFile(making));
  return !newEpoch && kept !== undefined && newest !== undefined && samePublicKey(keyOf(kept), newest);
}

async function make(options: ServeOptions, making: Making, base: ServedTable | undefined): Promise<ServedTable> {
  const { ports, kernel, sorter, list, signal, onProgress, batchRows } = options;
  const { tables } = ports;
  const key = await keyOfEpoch(options, making);
  await list.work.link(list.file, tables, listFile(making));
  const tagged = await tagList({
    work: tables,
    kernel,
    files: {
      list: listFile(making),
      earlier: base && { list: listFile(base.table), tags: tagsFile(base.table) },
      tags: tagsFile(making),
      added: changeTags(making, 'added'),
      removed: changeTags(making, 'removed'),
    },
    rows: { list: list.set.keyCount, earlier: base?.table.rows ?? 0 },
    secretKey: key.secretKey,
    tagBits: tagBits(making),
    signal,
    onProgress,
    bucketRows: batchRows,
  });
  const code = (tags: string, to: string, count: number, coding: Coding) =>
    codeTags({ work: tables, sorter, files: { tags, list: to }, count, coding, signal });
  const root = await code(tagsFile(making), tableFile(making), tagged.rows, tableCoding(making, batchRows));
  if (base) {
    for (const list of ['added', 'removed'] as const) {
      const coding = changeCoding(making, tagged[list], batchRows);
      await code(changeTags(making, list), changeFile(making, list), tagged[list], coding);
    }
  }
  const { epoch, version, placeBits, evaluationBits } = making;
  const table: Table = { epoch, version, placeBits, evaluationBits, rows: tagged.rows, publicKey: key.publicKey, root };
  return {
    table,
    earlier: base ? [...base.earlier, changeOf(base, tagged)].slice(-earlierVersionsMax) : [],
    source: await ports.source(),
    digest: making.digest,
    rowCount: list.set.rowCount,
    bytes: await codedBytes(tables, making, batchRows),
    preparedAtMs: ports.nowMs(),
    stale: [],
  };
}

function samePublicKey(a: { readonly publicKey: Uint8Array }, b: { readonly publicKey: Uint8Array }): boolean {
  return equalBytes(a.publicKey, b.publicKey);
}

function changeOf({ table }: ServedTable, tagged: { added: number; removed: number }): EarlierVersion {
  return { rows: table.rows, root: table.root, added: tagged.added, removed: tagged.removed };
}

function shapeOf({ placeBits, evaluationBits }: TableShape): TableShape {
  return { placeBits, evaluationBits };
}

/** Drawn once for an epoch; no table is under a key that was not durable before. */
async function keyOfEpoch({ ports: { tables }, kernel, random }: ServeOptions, making: Making) {
  const kept = await tables.readSmall(keyFile(making));
  if (kept) return keyOf(kept);
  const key = drawKey(kernel, random);
  await tables.writeSmall(keyFile(making), key.secretKey);
  return key;
}

function codedBytes(tables: WorkFolder, making: Making, batchRows: number | undefined): Promise<number> {
  return withFiles(
    tables,
    codedNames(tableFile(making)),
    async (files) => (await CodedListReader.open(files, tableCoding(making, batchRows))).bytes,
  );
}

/** The tags of a change before they are coded. */
function changeTags(place: { readonly epoch: number; readonly version: number }, list: 'removed' | 'added'): string {
  return `${changeFile(place, list)}.tags`;
}

/** What was needed only while this version was made. */
function working(table: Table): string[] {
  return [`${tagsFile(table)}.done`, changeTags(table, 'added'), changeTags(table, 'removed')];
}

function withoutOf(names: readonly string[], kept: readonly string[]): string[] {
  return names.filter((name) => !kept.includes(name));
}
