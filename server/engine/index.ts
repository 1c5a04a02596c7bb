/**
 * The local data engine: reads the owner's files, keeps them as Parquet, prepares what a match needs of them and takes its results
 * back. DuckDB and every parser of foreign bytes run in a process of their own, bounded in memory and without access to the network
 * or to files beside the task's.
 */
import { resolve } from 'node:path';
import type { CommonInput, CommonReport } from './columns/common-values.ts';
import type { ColumnsInput, ColumnsReport } from './columns/index.ts';
import type { ValuesInput, ValuesReport } from './columns/values.ts';
import type { AttachInput, AttachReport } from './deliver/attach.ts';
import type { GiveInput, GiveReport } from './deliver/give.ts';
import type { TakeInput, TakeReport } from './deliver/take.ts';
import type { ImportInput, ImportReport } from './import/index.ts';
import type { FileReport, InspectInput } from './inspect/index.ts';
import type { ExtractInput, ExtractReport } from './keys/index.ts';
import type { ActivateInput, ActivateReport } from './output/activate.ts';
import type { CopyInput, CopyReport } from './output/copy-rows.ts';
import type { ExportInput, ExportReport } from './output/export-rows.ts';
import type { OptedOutInput, OptedOutReport } from './output/opted-out-rows.ts';
import { ProcessPool } from './pool.ts';
import type { TaskOptions } from './process.ts';
import type { RunQueryInput, RunQueryReport } from './query/run.ts';
import type { SerialiseInput, SerialiseReport } from './query/serialise.ts';
import type { RunReportInput, RunReportReport } from './report/run.ts';
import type { SelectInput, SelectReport } from './report/select-persons.ts';
import type { EncodeInput, EncodeReport } from './room/encode.ts';
import type { LoadInput, LoadReport } from './room/load.ts';

export type { CommonInput, CommonReport } from './columns/common-values.ts';
export { type ColumnsInput, type ColumnsReport, noCode } from './columns/index.ts';
export type { ValuesInput, ValuesReport } from './columns/values.ts';
export type { AttachInput, AttachReport, PackedValues } from './deliver/attach.ts';
export type { GiveInput, GiveReport } from './deliver/give.ts';
export type { TakeInput, TakeReport } from './deliver/take.ts';
export { DataError, type DataErrorCode, type DataErrorDetails, systemError } from './errors.ts';
export type {
  AttributeReport,
  AttributeType,
  ColumnProfile,
  Grade,
  IdReport,
  ImportInput,
  ImportReport,
  Tally,
} from './import/index.ts';
export { type RefusedRow, readRefused, refusedRowsMax } from './import/refused.ts';
export type { ColumnReport, DateReading, FileReport, InspectInput } from './inspect/index.ts';
export type { ExtractInput, ExtractReport } from './keys/index.ts';
export type { ActivateInput, ActivateReport } from './output/activate.ts';
export type { CopyInput, CopyReport } from './output/copy-rows.ts';
export type { ExportInput, ExportReport } from './output/export-rows.ts';
export type { OptOuts } from './output/opt-outs.ts';
export type { OptedOutInput, OptedOutReport } from './output/opted-out-rows.ts';
export { refusedPath } from './outputs.ts';
export type { TaskOptions } from './process.ts';
export { type People, readPersonSets } from './query/person-sets.ts';
export type { RunQueryInput, RunQueryReport } from './query/run.ts';
export type { TableFiles } from './query/tables.ts';
export type { Layout, ReadChoices } from './read/layout.ts';
export type { Reading } from './read/reading.ts';
export type { FileIdentity } from './read/source.ts';
export { type ReportGuard, readReportSets, type WantedGuard } from './report/exact.ts';
export type { RunReportInput, RunReportReport } from './report/run.ts';
export type { SelectInput, SelectReport } from './report/select-persons.ts';
export type { EncodeInput, EncodeReport } from './room/encode.ts';
export { type LoadInput, type LoadReport, roomPlacesPath, roomTablePath } from './room/load.ts';
export type { Progress } from './task.ts';

export interface EngineOptions {
  /** For temporary data, possibly much of it; made if missing. Its own disk is best. */
  readonly spillFolder: string;
  /** What one engine process may take in all, 768 MiB unless told otherwise; DuckDB is given less. */
  readonly memoryLimitBytes?: number;
  readonly threads?: number;
  /** Imports, extractions and exports at a time, each in its own process under the memory limit; further ones wait. */
  readonly processCountMax?: number;
  /** How long a process without work is kept. */
  readonly idleMs?: number;
  /** After how long a silent process counts as hanging. */
  readonly stallMs?: number;
  /** How long a cancelled task may take to end by itself. */
  readonly cancelMs?: number;
}

export class Engine {
  readonly #pool: ProcessPool;

  constructor(options: EngineOptions) {
    this.#pool = new ProcessPool({
      spillFolder: resolve(options.spillFolder),
      memoryLimitBytes: options.memoryLimitBytes ?? 768 * 1024 ** 2,
      threads: options.threads ?? 2,
      processCountMax: options.processCountMax ?? 1,
      idleMs: options.idleMs ?? 30_000,
      limits: { stallMs: options.stallMs ?? 60_000, cancelMs: options.cancelMs ?? 5_000 },
    });
  }

  /** Looks at a file without taking anything from it; for a person to confirm before `importDataset`. */
  inspect(input: InspectInput, options: TaskOptions = {}): Promise<FileReport> {
    return this.#pool.run('inspect', input, options);
  }

  /** Writes `folder/rows.parquet`: row numbers, normalised identifiers, attributes. */
  importDataset(input: ImportInput, options: TaskOptions = {}): Promise<ImportReport> {
    return this.#pool.run('importDataset', { ...input, folder: resolve(input.folder) }, options);
  }

  /** Writes the packed keys and row numbers of an identifier column, bound to one match. */
  extractKeys(input: ExtractInput, options: TaskOptions = {}): Promise<ExtractReport> {
    return this.#pool.run('extractKeys', input, options);
  }

  /** Writes attributes as numbers: codes of agreed values, and values in agreed units. */
  extractColumns(input: ColumnsInput, options: TaskOptions = {}): Promise<ColumnsReport> {
    return this.#pool.run('extractColumns', input, options);
  }

  /** The values of an attribute that enough rows have, the most frequent first. */
  columnValues(input: ValuesInput, options: TaskOptions = {}): Promise<ValuesReport> {
    return this.#pool.run('columnValues', input, options);
  }

  /** The values of an attribute that enough people have, by their text. */
  commonValues(input: CommonInput, options: TaskOptions = {}): Promise<CommonReport> {
    return this.#pool.run('commonValues', input, options);
  }

  /** Copies chosen rows of the owner's file, as they were. */
  copyRows(input: CopyInput, options: TaskOptions = {}): Promise<CopyReport> {
    return this.#pool.run('copyRows', input, options);
  }

  /** Writes the identifiers of chosen rows in the form of a destination. */
  activate(input: ActivateInput, options: TaskOptions = {}): Promise<ActivateReport> {
    return this.#pool.run('activate', input, options);
  }

  /** Writes chosen rows and columns of a dataset as CSV for people. */
  exportRows(input: ExportInput, options: TaskOptions = {}): Promise<ExportReport> {
    return this.#pool.run('exportRows', input, options);
  }

  /** Writes which rows are of people who opted out. */
  listOptedOut(input: OptedOutInput, options: TaskOptions = {}): Promise<OptedOutReport> {
    return this.#pool.run('listOptedOut', input, options);
  }

  /** Parses a question, without running it. */
  serialiseQuery(input: SerialiseInput, options: TaskOptions = {}): Promise<SerialiseReport> {
    return this.#pool.run('serialiseQuery', input, options);
  }

  /** Runs a compiled question over Parquet files: true numbers, for whoever guards and adds noise. */
  runQuery(input: RunQueryInput, options: TaskOptions = {}): Promise<RunQueryReport> {
    return this.#pool.run('runQuery', input, options);
  }

  /** Runs a report's templates over Parquet files: true numbers, or a report on its receiver's own rows. */
  runReport(input: RunReportInput, options: TaskOptions = {}): Promise<RunReportReport> {
    return this.#pool.run('runReport', input, options);
  }

  /** Writes which rows of an upload are in an audience, and the set of persons that guards it. */
  selectPersons(input: SelectInput, options: TaskOptions = {}): Promise<SelectReport> {
    return this.#pool.run('selectPersons', input, options);
  }

  /** Packs an owner's rows for a room: pseudonyms and the listed columns, if every value is allowed. */
  encodeRoomTable(input: EncodeInput, options: TaskOptions = {}): Promise<EncodeReport> {
    return this.#pool.run('encodeRoomTable', input, options);
  }

  /** Writes the tables of a room, by persons. */
  loadRoom(input: LoadInput, options: TaskOptions = {}): Promise<LoadReport> {
    return this.#pool.run('loadRoom', input, options);
  }

  /** Writes an owner's columns of matched rows, in the order that both sides know. */
  giveColumns(input: GiveInput, options: TaskOptions = {}): Promise<GiveReport> {
    return this.#pool.run('giveColumns', input, options);
  }

  /** Brings values that were made for each identifier to the own rows. */
  attachValues(input: AttachInput, options: TaskOptions = {}): Promise<AttachReport> {
    return this.#pool.run('attachValues', input, options);
  }

  /** Brings delivered lines to the own rows. */
  takeColumns(input: TakeInput, options: TaskOptions = {}): Promise<TakeReport> {
    return this.#pool.run('takeColumns', input, options);
  }

  /** Ends every process; running tasks fail with `closed`. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
