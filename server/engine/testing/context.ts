/** A task's surroundings for tests that run a task in their own process: a folder that goes with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Disk, systemDisk } from '../disk.ts';
import type { TaskContext } from '../task.ts';

/** A new empty folder, removed when the test ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function testContext(
  given: {
    readonly disk?: Disk;
    readonly folder?: string;
    readonly memoryLimitBytes?: number;
    readonly hashTexts?: TaskContext['hashTexts'];
  } = {},
): TaskContext {
  return {
    taskId: 'test-task',
    folder: given.folder ?? testFolder(),
    memoryLimitBytes: given.memoryLimitBytes ?? 1024 ** 3,
    threads: 2,
    signal: new AbortController().signal,
    disk: given.disk ?? systemDisk,
    hashTexts: given.hashTexts,
    onProgress: () => {},
  };
}
