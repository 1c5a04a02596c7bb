/**
 * How long the silent VOLE of one bucket takes at each side of psi/vole, in every class of this machine: CPU time of one thread.
 *
 *   node bench/vole.ts [--runs 9] [--save]
 *
 * Prints milliseconds (the median of the runs, and their range) and the median's nanoseconds for each row of a full bucket of 91,536;
 * `--save` keeps them in bench/results/vole.json.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keep, machine, spread } from './report.ts';

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
    const milliseconds = spread(ms, 3);
    // Tables are made once for a run, whatever its rows.
    const perRow = step === 'code tables' ? undefined : Number(((milliseconds.median * 1e6) / bucketRows).toFixed(1));
    return { class: cpuClass, form, outputs, step, milliseconds, ...(perRow && { nanosecondsPerRow: perRow }) };
  });
console.table(
  results.map(({ milliseconds: { median, min, max }, outputs, ...rest }) => ({
    ...rest,
    median,
    range: `${min}–${max}`,
  })),
);
if (values.save) keep('vole', { machine: machine(), compiler: /\((.*)\)/.exec(built.stdout)?.[1], results });
