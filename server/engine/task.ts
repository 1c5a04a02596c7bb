/** What the engine's process is asked to do. No SQL crosses into it: a task names files and columns, the process writes its own. */

import type { RowKernel } from '@causeway/native';
import type { CommonInput, CommonReport } from './columns/common-values.ts';
import type { ColumnsInput, ColumnsReport } from './columns/index.ts';
import type { ValuesInput, ValuesReport } from './columns/values.ts';
import type { AttachInput, AttachReport } from './deliver/attach.ts';
import type { GiveInput, GiveReport } from './deliver/give.ts';
import type { TakeInput, TakeReport } from './deliver/take.ts';
import type { Disk } from './disk.ts';
import type { DataErrorMessage } from './errors.ts';
import type { ImportInput, ImportReport } from './import/index.ts';
import type { FileReport, InspectInput } from './inspect/index.ts';
import type { ExtractInput, ExtractReport } from './keys/index.ts';
import type { ActivateInput, ActivateReport } from './output/activate.ts';
import type { CopyInput, CopyReport } from './output/copy-rows.ts';
import type { ExportInput, ExportReport } from './output/export-rows.ts';
import type { OptedOutInput, OptedOutReport } from './output/opted-out-rows.ts';
import type { RunQueryInput, RunQueryReport } from './query/run.ts';
import type { SerialiseInput, SerialiseReport } from './query/serialise.ts';
import type { RunReportInput, RunReportReport } from './report/run.ts';
import type { SelectInput, SelectReport } from './report/select-persons.ts';
import type { EncodeInput, EncodeReport } from './room/encode.ts';
import type { LoadInput, LoadReport } from './room/load.ts';

export interface Tasks {
  readonly activate: { readonly input: ActivateInput; readonly output: ActivateReport };
  readonly attachValues: { readonly input: AttachInput; readonly output: AttachReport };
  readonly columnValues: { readonly input: ValuesInput; readonly output: ValuesReport };
  readonly commonValues: { readonly input: CommonInput; readonly output: CommonReport };
  readonly copyRows: { readonly input: CopyInput; readonly output: CopyReport };
  readonly encodeRoomTable: { readonly input: EncodeInput; readonly output: EncodeReport };
  readonly exportRows: { readonly input: ExportInput; readonly output: ExportReport };
  readonly extractColumns: { readonly input: ColumnsInput; readonly output: ColumnsReport };
  readonly extractKeys: { readonly input: ExtractInput; readonly output: ExtractReport };
  readonly giveColumns: { readonly input: GiveInput; readonly output: GiveReport };
  readonly importDataset: { readonly input: ImportInput; readonly output: ImportReport };
  readonly listOptedOut: { readonly input: OptedOutInput; readonly output: OptedOutReport };
  readonly loadRoom: { readonly input: LoadInput; readonly output: LoadReport };
  readonly inspect: { readonly input: InspectInput; readonly output: FileReport };
  readonly runQuery: { readonly input: RunQueryInput; readonly output: RunQueryReport };
  readonly runReport: { readonly input: RunReportInput; readonly output: RunReportReport };
  readonly selectPersons: { readonly input: SelectInput; readonly output: SelectReport };
  readonly takeColumns: { readonly input: TakeInput; readonly output: TakeReport };
  readonly serialiseQuery: { readonly input: SerialiseInput; readonly output: SerialiseReport };
}

export type TaskKind = keyof Tasks;

export interface Progress {
  readonly stage: 'reading' | 'profiling' | 'writing';
  readonly done: number;
  /** In the same unit as `done`; 0 where it is not known. */
  readonly total: number;
  readonly unit: 'bytes' | 'rows';
  /** Data rows so far, where they are counted. */
  readonly rows: number;
}

/** What every task is given beside its input. */
export interface TaskContext {
  /** Unique; part of the name of every file that is not finished. */
  readonly taskId: string;
  /** An empty folder for this task alone; the parent removes it afterwards, whatever happened. */
  readonly folder: string;
  readonly memoryLimitBytes: number;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly disk: Disk;
  /** Hashes texts in bulk; without it the engine's SQL does. */
  readonly hashTexts: RowKernel['hashTexts'];
  readonly onProgress: (progress: Progress) => void;
}

export interface RunMessage<K extends TaskKind = TaskKind> {
  readonly type: 'run';
  readonly taskId: string;
  readonly kind: K;
  readonly input: Tasks[K]['input'];
  readonly folder: string;
  readonly memoryLimitBytes: number;
  readonly threads: number;
}

export type ToWorker = RunMessage | { readonly type: 'cancel'; readonly taskId: string };

export type FromWorker =
  | { readonly type: 'alive' }
  | { readonly type: 'progress'; readonly taskId: string; readonly progress: Progress }
  | { readonly type: 'done'; readonly taskId: string; readonly output: unknown; readonly residentBytes: number }
  | { readonly type: 'failed'; readonly taskId: string; readonly error: DataErrorMessage };
