/** The engine's own process: runs one task at a time, says every second that it lives, and ends with its parent. */
import { openRowKernel } from '@causeway/native';
import { commonValues } from './columns/common-values.ts';
import { extractColumns } from './columns/index.ts';
import { columnValues } from './columns/values.ts';
import { cancelled, outOfMemory } from './database.ts';
import { attachValues } from './deliver/attach.ts';
import { giveColumns } from './deliver/give.ts';
import { takeColumns } from './deliver/take.ts';
import { systemDisk } from './disk.ts';
import { DataError, type DataErrorMessage } from './errors.ts';
import { importDataset } from './import/index.ts';
import { inspect } from './inspect/index.ts';
import { extractKeys } from './keys/index.ts';
import { activate } from './output/activate.ts';
import { copyRows } from './output/copy-rows.ts';
import { exportRows } from './output/export-rows.ts';
import { listOptedOut } from './output/opted-out-rows.ts';
import { runQuery } from './query/run.ts';
import { serialiseQuery } from './query/serialise.ts';
import { runReport } from './report/run.ts';
import { selectPersons } from './report/select-persons.ts';
import { encodeRoomTable } from './room/encode.ts';
import { loadRoom } from './room/load.ts';
import type { FromWorker, Progress, RunMessage, TaskContext, TaskKind, Tasks, ToWorker } from './task.ts';

const aliveEveryMs = 1_000;
/** Memory grows by at most a few hundred MiB between two looks. */
const memoryEveryMs = 100;
const progressEveryMs = 100;

type Handlers = {
  readonly [K in TaskKind]: (input: Tasks[K]['input'], context: TaskContext) => Promise<Tasks[K]['output']>;
};

const kernel = openRowKernel();

const handlers: Handlers = {
  activate,
  attachValues,
  columnValues,
  commonValues,
  copyRows,
  encodeRoomTable,
  exportRows,
  extractColumns,
  extractKeys,
  giveColumns,
  importDataset,
  inspect,
  listOptedOut,
  loadRoom,
  runQuery,
  runReport,
  selectPersons,
  serialiseQuery,
  takeColumns,
};

let current: { taskId: string; memoryLimitBytes: number; abort: AbortController } | undefined;

// What is written here is the owner's data: for the user that runs the node alone.
process.umask(0o077);
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => {
  if (current === undefined) process.exit(1);
  tell({ type: 'failed', taskId: current.taskId, error: plain(error) }, () => process.exit(1));
});
process.on('message', (message: ToWorker) => {
  if (message.type === 'run') void run(message);
  else if (current?.taskId === message.taskId) current.abort.abort();
});
setInterval(() => tell({ type: 'alive' }), aliveEveryMs);
setInterval(() => {
  if (current === undefined || process.memoryUsage.rss() <= current.memoryLimitBytes) return;
  // DuckDB's limit holds its buffers, not the process: before the machine suffers, the task ends and the memory goes with the process.
  tell({ type: 'failed', taskId: current.taskId, error: plain(outOfMemory(current.memoryLimitBytes)) }, () =>
    process.exit(1),
  );
}, memoryEveryMs);
tell({ type: 'alive' });

async function run<K extends TaskKind>(message: RunMessage<K>): Promise<void> {
  const { taskId, kind, input, folder, memoryLimitBytes, threads } = message;
  const abort = new AbortController();
  current = { taskId, memoryLimitBytes, abort };
  let reportedAt = 0;
  const context: TaskContext = {
    taskId,
    folder,
    memoryLimitBytes,
    threads,
    signal: abort.signal,
    disk: systemDisk,
    hashTexts: kernel.hashTexts,
    onProgress: (progress: Progress) => {
      const now = performance.now();
      if (now - reportedAt < progressEveryMs) return;
      reportedAt = now;
      tell({ type: 'progress', taskId, progress });
    },
  };
  try {
    const output = await handlers[kind](input, context);
    current = undefined;
    tell({ type: 'done', taskId, output, residentBytes: process.memoryUsage.rss() });
  } catch (error) {
    current = undefined;
    tell({ type: 'failed', taskId, error: plain(abort.signal.aborted ? cancelled() : error) });
  }
}

function plain(error: unknown): DataErrorMessage {
  if (error instanceof DataError) return { code: error.code, message: error.message, details: error.details };
  // A bug of ours: its place may be told, its text may hold data.
  const place =
    error instanceof Error ? (error.stack ?? '').split('\n').find((line) => line.includes('at ')) : undefined;
  const name = error instanceof Error ? error.name : typeof error;
  return {
    code: 'engine-failed',
    message: `The data engine failed: ${name}${place ?? ''}. Nothing was kept; please report this.`,
    details: {},
  };
}

function tell(message: FromWorker, then?: () => void): void {
  process.send?.(message, undefined, undefined, () => then?.());
}
