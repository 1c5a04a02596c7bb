import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Of core alone those that take long, so that they begin with the other long ones. */
const longOfCore = ['core/privacy/**/*.test.ts', 'core/protocols/join-sum/**/*.test.ts'];

export default defineConfig({
  test: {
    // Programs that tests start, nodes above all, need not be compiled anew each time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    pool: 'forks',
    // One more than the cores of a small machine: tests of nodes wait for most of their time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for may take its time on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', './test/closing-line.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['*.test.ts', '!(core)/**/*.test.ts', ...longOfCore],
          exclude: [...configDefaults.exclude, '**/dist/**'],
        },
      },
      {
        // Core touches nothing outside of its modules: its tests share processes, of which one costs more than most of them.
        extends: true,
        test: { name: 'core', include: ['core/**/*.test.ts'], exclude: longOfCore, isolate: false },
      },
    ],
  },
});
