/** A worker thread that computes batches in WebAssembly. */
import { parentPort } from 'node:worker_threads';
import {
  BatchKernel,
  type BlindRequest,
  type CompositesRequest,
  type EvaluateRequest,
  type FinalizeRequest,
  GroupError,
  type MultiplyRequest,
  type PrfRequest,
} from '@causeway/core/group';

/** An operation of the port with what it is asked. */
export type Work =
  | { readonly kind: 'blind'; readonly request: BlindRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluateRequest }
  | { readonly kind: 'multiply'; readonly request: MultiplyRequest }
  | { readonly kind: 'finalize'; readonly request: FinalizeRequest }
  | { readonly kind: 'prf'; readonly request: PrfRequest }
  | { readonly kind: 'composites'; readonly request: CompositesRequest };

/** One batch on its way to a thread. */
export type Task = { readonly id: number } & Work;

export type TaskResult = { readonly id: number } & (
  | { readonly kind: 'done'; readonly rows: Uint8Array }
  | { readonly kind: 'refused'; readonly code: GroupError['code']; readonly index: number }
  | { readonly kind: 'failed'; readonly message: string }
);

const kernel = new BatchKernel();

async function run(task: Task): Promise<TaskResult> {
  try {
    return { id: task.id, kind: 'done', rows: await compute(task) };
  } catch (error) {
    if (error instanceof GroupError) return { id: task.id, kind: 'refused', code: error.code, index: error.index };
    return { id: task.id, kind: 'failed', message: error instanceof Error ? error.message : 'unknown' };
  }
}

function compute(work: Work): Promise<Uint8Array> {
  switch (work.kind) {
    case 'blind':
      return kernel.blind(work.request);
    case 'evaluate':
      return kernel.evaluate(work.request);
    case 'multiply':
      return kernel.multiply(work.request);
    case 'finalize':
      return kernel.finalize(work.request);
    case 'prf':
      return kernel.prf(work.request);
    case 'composites':
      return kernel.composites(work.request);
  }
}

parentPort?.on('message', async (task: Task) => {
  const result = await run(task);
  parentPort?.postMessage(result, result.kind === 'done' ? [result.rows.buffer as ArrayBuffer] : []);
});
