/** Processor time of the one thread that a kernel computes on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const tasks = '/proc/self/task';

/** A kernel, and the seconds of processor time that its thread has had; NaN where the system does not tell. */
export interface Timed<Opened> {
  readonly kernel: Opened;
  readonly seconds: () => number;
}

/** @param open opens a kernel of one thread, and nothing else that starts one. */
export async function openTimed<Opened>(open: () => Opened | Promise<Opened>): Promise<Timed<Opened>> {
  const threads = () => (existsSync(tasks) ? readdirSync(tasks) : []);
  const before = new Set(threads());
  const kernel = await open();
  const thread = threads().find((task) => !before.has(task));
  const path = `${tasks}/${thread}/schedstat`;
  return {
    kernel,
    seconds: () => (existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e9 : Number.NaN),
  };
}
