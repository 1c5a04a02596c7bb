/**
 * How fast data are generated, and that memory stays flat: three sizes, ten times apart, each in a process of its own.
 *
 *   node bench/generator.ts [--people 10000000] [--runs 1] [--user-ids plain|md5|sha256] [--save]
 *
 * Prints seconds (the median of the runs, and their range), rows, bytes and peak resident memory; `--save` keeps them in
 * bench/results/generator.json. The largest run needs about 420 bytes of disk a person, under the system's temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type GenerateOptions, generate } from '@causeway/generator';
import { keep, machine } from './report.ts';

interface Run {
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
  readonly peakRssMib: number;
}

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000000' },
    runs: { type: 'string', default: '1' },
    'user-ids': { type: 'string', default: 'plain' },
    save: { type: 'boolean', default: false },
    one: { type: 'boolean', default: false },
  },
});
const people = Number(values.people);
const userIds = values['user-ids'] as NonNullable<GenerateOptions['userIds']>;

if (values.one) process.stdout.write(JSON.stringify(await measure()));
else await report();

async function measure(): Promise<Run> {
  const out = await mkdtemp(join(tmpdir(), 'causeway-bench-generator-'));
  try {
    const start = performance.now();
    const { files } = await generate({ people, seed: 1, out, userIds });
    return {
      seconds: (performance.now() - start) / 1000,
      rows: files.reduce((sum, file) => sum + file.rows, 0),
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      peakRssMib: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    await rm(out, { recursive: true });
  }
}

async function report(): Promise<void> {
  const sizes = [people / 100, people / 10, people].map(Math.ceil);
  const results = sizes.map((size) => {
    const runs = Array.from({ length: Number(values.runs) }, () => child(size)).sort((a, b) => a.seconds - b.seconds);
    const median = runs[runs.length >> 1]!;
    return {
      people: size,
      userIds,
      seconds: round(median.seconds, 1),
      secondsRange: [round(runs[0]!.seconds, 1), round(runs.at(-1)!.seconds, 1)],
      rows: median.rows,
      rowsPerSecond: Math.round(median.rows / median.seconds),
      mib: Math.round(median.bytes / 2 ** 20),
      peakRssMib: Math.round(Math.max(...runs.map((run) => run.peakRssMib))),
    };
  });
  console.table(results);
  if (values.save) keep('generator', { machine: machine(), results });
}

function child(size: number): Run {
  const self = fileURLToPath(import.meta.url);
  const run = spawnSync(process.execPath, [self, '--one', '--people', `${size}`, '--user-ids', userIds], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the run with ${size} people ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
