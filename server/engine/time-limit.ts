/** A limit on how long a task may take, beside whoever may cancel it. */
import { DataError } from './errors.ts';
import type { TaskContext } from './task.ts';

/** @throws {DataError} `time-limit` where the work did not end in time. */
export async function withinTime<T>(
  context: TaskContext,
  limitMs: number,
  work: (bounded: TaskContext) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, limit]) });
  } catch (error) {
    if (limit.aborted && !context.signal.aborted) throw tooSlow(limitMs);
    throw error;
  }
}

function tooSlow(limitMs: number): DataError {
  return new DataError(
    'time-limit',
    `This did not end within ${limitMs} milliseconds. Ask for fewer groups, or raise the limit; nothing was released.`,
    { limit: limitMs },
  );
}
