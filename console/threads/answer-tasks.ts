/** The thread's end of tasks that the page asks for. */
import type { Asked, Said } from './asked-thread.ts';

/** @param failureOf what the page is told of an error. @returns how to tell the page something in between. */
export function answerTasks<Task, Failure, Note = never>(
  perform: (task: Task) => unknown,
  failureOf: (error: unknown) => Failure,
): (note: Note) => void {
  const say = (said: Said<Failure, Note>) => postMessage(said);
  addEventListener('message', async ({ data }: MessageEvent<Asked<Task>>) => {
    const { id, task } = data;
    try {
      say({ kind: 'answer', id, answer: await perform(task) });
    } catch (error) {
      say({ kind: 'failure', id, failure: failureOf(error) });
    }
  });
  say({ kind: 'ready' });
  return (note) => say({ kind: 'note', note });
}
