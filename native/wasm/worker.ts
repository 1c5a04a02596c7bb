/** A worker thread that computes batches over libsodium in WebAssembly. */
import { parentPort } from 'node:worker_threads';
import {
  BatchKernel,
  type BlindRequest,
  type EvaluateRequest,
  GroupError,
  type MultiplyRequest,
} from '@causeway/core/group';

/** One batch on its way to a thread. */
export type Task = { readonly id: number } & (
  | { readonly kind: 'blind'; readonly request: BlindRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluateRequest }
  | { readonly kind: 'multiply'; readonly request: MultiplyRequest }
);

export type TaskResult = { readonly id: number } & (
  | { readonly kind: 'done'; readonly rows: Uint8Array }
  | { readonly kind: 'refused'; readonly code: GroupError['code']; readonly index: number }
  | { readonly kind: 'failed'; readonly message: string }
);

const kernel = new BatchKernel();

function compute(task: Task): Promise<Uint8Array> {
  switch (task.kind) {
    case 'blind':
      return kernel.blind(task.request);
    case 'evaluate':
      return kernel.evaluate(task.request);
    case 'multiply':
      return kernel.multiply(task.request);
  }
}

async function run(task: Task): Promise<TaskResult> {
  try {
    return { id: task.id, kind: 'done', rows: await compute(task) };
  } catch (error) {
    if (error instanceof GroupError) return { id: task.id, kind: 'refused', code: error.code, index: error.index };
    return { id: task.id, kind: 'failed', message: error instanceof Error ? error.message : 'unknown' };
  }
}

parentPort?.on('message', async (task: Task) => {
  const result = await run(task);
  parentPort?.postMessage(result, result.kind === 'done' ? [result.rows.buffer as ArrayBuffer] : []);
});
