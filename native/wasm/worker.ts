/** A worker thread that computes batches over libsodium in WebAssembly. */
import { parentPort } from 'node:worker_threads';
import { BatchKernel, type BlindRequest, type EvaluateRequest, GroupError } from '@causeway/core/group';

/** One batch on its way to a thread. */
export type Task = { readonly id: number } & (
  | { readonly kind: 'blind'; readonly request: BlindRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluateRequest }
);

export type TaskResult = { readonly id: number } & (
  | { readonly kind: 'done'; readonly rows: Uint8Array }
  | { readonly kind: 'refused'; readonly code: GroupError['code']; readonly index: number }
  | { readonly kind: 'failed'; readonly message: string }
);

const kernel = new BatchKernel();

async function run(task: Task): Promise<TaskResult> {
  try {
    const rows = task.kind === 'blind' ? await kernel.blind(task.request) : await kernel.evaluate(task.request);
    return { id: task.id, kind: 'done', rows };
  } catch (error) {
    if (error instanceof GroupError) return { id: task.id, kind: 'refused', code: error.code, index: error.index };
    return { id: task.id, kind: 'failed', message: error instanceof Error ? error.message : 'unknown' };
  }
}

parentPort?.on('message', async (task: Task) => {
  const result = await run(task);
  parentPort?.postMessage(result, result.kind === 'done' ? [result.rows.buffer as ArrayBuffer] : []);
});
