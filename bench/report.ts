/** What every benchmark says beside its figures, and where they are kept. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { addon } from '../native/addon.ts';

const folder = join(import.meta.dirname, 'results');

/** The machine and the versions that figures were taken with. Other work on the machine makes them lower: `loadAverage` tells of it. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernels: addon?.classes ?? ['wasm'],
    node: process.version,
    causeway: (
      JSON.parse(readFileSync(join(import.meta.dirname, '../core/package.json'), 'utf8')) as { version: string }
    ).version,
    loadAverage: Number(loadavg()[0]!.toFixed(1)),
  };
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** @param digits after the point. */
export function spread(values: readonly number[], digits = 2): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const round = (value: number) => Number(value.toFixed(digits));
  return {
    median: round(sorted[sorted.length >> 1]!),
    min: round(sorted[0]!),
    max: round(sorted.at(-1)!),
    runs: sorted.length,
  };
}

/** @returns what was kept under a name, or undefined. */
export function kept<T>(name: string): T | undefined {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Keeps a result as `bench/results/NAME.json`. */
export function keep(name: string, result: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
