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

/** A result of a benchmark that is run at several sizes or in several ways, one of which each result is. */
export interface Measured {
  readonly machine: ReturnType<typeof machine>;
}

/** Keeps a result beside those of the other sizes and ways, which `key` tells apart: in the order of these values. */
export function keepAmong<Result extends Measured>(
  name: string,
  result: Result,
  key: (of: Result) => readonly (string | number)[],
): void {
  const others = (kept<{ results: readonly Result[] }>(name)?.results ?? []).filter(
    (known) => compareKeys(key(known), key(result)) !== 0,
  );
  keep(name, { results: [...others, result].sort((a, b) => compareKeys(key(a), key(b))) });
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i]!;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
