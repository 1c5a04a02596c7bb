/**
 * Whether the native kernel's time depends on secrets: measured by Welch's t (native/test/timing), for every function that handles them, in
 * every class of this machine. Not a test: other work on the machine makes it slow, and in the end somebody has to read the figures.
 *
 *   node bench/constant-time.ts [--measurements 100000]
 *
 * Prints |t| for each function; from 10 on, a difference is no accident. Ends with 1 when a function leaks, or when the control, which leaks
 * on purpose, is not caught.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { measurements: { type: 'string', default: '100000' } } });
const native = fileURLToPath(new URL('../native/', import.meta.url));

const built = spawnSync(process.execPath, [`${native}build.js`, '--programs'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) {
  console.error('The native kernel could not be compiled; see native/build/build.log.');
  process.exit(1);
}
const { status, stdout } = spawnSync(`${native}build/test/timing/constant-time`, [values.measurements], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = stdout.trimEnd().split('\n');
console.table(
  lines.map((line) => line.split('\t')).map(([cpuClass, name, t]) => ({ class: cpuClass, function: name, t })),
);
process.exitCode = status ?? 1;
