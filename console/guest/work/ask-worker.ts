/** The page's end of the thread that has the file. */
import { AskedThread } from '../../threads/asked-thread.ts';
import type { Answers, Failure, Progress, Request } from './guest-worker.ts';

export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

export function guestWork(): AskedThread<Request, Answers, Failure, Progress> {
  return new AskedThread(
    new Worker(new URL('./guest-worker.ts', import.meta.url), { type: 'module' }),
    (failure) => new WorkFailed(failure ?? { code: 'console', detail: 'a thread of this page ended' }),
  );
}
