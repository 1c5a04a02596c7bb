/**
 * How long the silent VOLE of one bucket takes at each side of psi/vole, in every class of this machine: CPU time of one thread.
 *
 *   node bench/vole.ts [--runs 9] [--save]
 *
 * Prints milliseconds (the median of the runs, and their range) and the median's nanoseconds for each row of a full bucket of 91,536;
 * `--save` keeps them in bench/results/vole.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '9' }, save: { type: 'boolean', default: false } },
});
const native = fileURLToPath(new URL('../native/', import.meta.url));
const bucketRows = 91_536;

const built = spawnSync(process.execPath, [`${native}build.js`, '--programs'], { encoding: 'utf8' });
if (built.status !== 0) {
  console.error(built.stdout + built.stderr);
  process.exit(1);
}
const { status, stdout } = spawnSync(`${native}build/test/timing/vole`, [values.runs], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) process.exit(1);

interface Line {
  readonly class: string;
  readonly form: string;
  readonly outputs: number;
  readonly step: string;
  readonly ms: number[];
}

const results = stdout
  .trimEnd()
  .split('\n')
  .map((line) => {
    const { class: cpuClass, form, outputs, step, ms } = JSON.parse(line) as Line;
    const sorted = ms.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1]!;
    return {
      class: cpuClass,
      form,
      outputs,
      step,
      milliseconds: Number(median.toFixed(3)),
      range: [sorted[0]!, sorted.at(-1)!].map((each) => each.toFixed(2)).join('–'),
      // Tables are made once for a run, whatever its rows.
      ...(step !== 'code tables' && { nanosecondsPerRow: Number(((median * 1e6) / bucketRows).toFixed(1)) }),
    };
  });
console.table(results);
if (values.save) {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    compiler: /\((.*)\)/.exec(built.stdout)?.[1],
  };
  const folder = fileURLToPath(new URL('./results/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}vole.json`, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}
