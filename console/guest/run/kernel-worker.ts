/** A thread of the page that computes batches in WebAssembly. */
import { BatchKernel, type BlindRequest, type EvaluateRequest, GroupError } from '@causeway/core/group';

export type KernelTask = { readonly id: number } & (
  | { readonly kind: 'blind'; readonly request: BlindRequest }
  | { readonly kind: 'evaluate'; readonly request: EvaluateRequest }
);

/** The first thing that a thread says: what comes before its modules are loaded is lost. */
export type KernelReady = { readonly kind: 'ready' };

export type KernelAnswer = { readonly id: number } & (
  | { readonly kind: 'done'; readonly rows: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly code: GroupError['code']; readonly index: number }
  | { readonly kind: 'failed'; readonly message: string }
);

const kernel = new BatchKernel();

async function answer(task: KernelTask): Promise<KernelAnswer> {
  const { id } = task;
  try {
    const rows = task.kind === 'blind' ? await kernel.blind(task.request) : await kernel.evaluate(task.request);
    return { id, kind: 'done', rows: rows as Uint8Array<ArrayBuffer> };
  } catch (error) {
    if (error instanceof GroupError) return { id, kind: 'refused', code: error.code, index: error.index };
    return { id, kind: 'failed', message: error instanceof Error ? error.message : 'unknown' };
  }
}

addEventListener('message', async ({ data }: MessageEvent<KernelTask>) => {
  const answered = await answer(data);
  const transfer = answered.kind === 'done' ? [answered.rows.buffer] : [];
  (globalThis as unknown as Worker).postMessage(answered, transfer);
});

postMessage({ kind: 'ready' } satisfies KernelReady);
