/**
 * Runs the benchmarks: all of them, or those that are named.
 *
 *   npm run bench                      every one, with its defaults
 *   npm run bench -- match-nodes       one; what follows its name goes to it
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benches: Readonly<Record<string, string>> = {
  identifiers: 'normalising phones and e-mails in SQL',
  attribution: 'crediting orders to touches, by every model',
  kernels: 'points a second and core, against peers',
  engine: 'reading, importing and exporting tables',
  generator: 'generating synthetic people',
  link: 'bytes between two nodes',
  'psi-ecdh': 'a match by psi/ecdh without a network',
  'psi-vole': 'a match by psi/vole without a network',
  'join-spine': 'pseudonyms of two lists for a room',
  'psi-oprf': 'a table of psi/oprf, and matches against it without a network',
  'join-sum': 'counts and sums over the rows that two lists share',
  'match-direct': 'causeway match from CSV to CSV',
  'match-nodes': 'a match through two nodes',
  activate: 'ids of PAIR and labels of OPJA through two nodes',
  guest: 'a match in a browser tab',
  console: 'screens of the console, opened cold',
  vole: 'the silent VOLE of a bucket of psi/vole',
  'constant-time': 'whether the kernel takes its time from secrets',
};

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !Object.hasOwn(benches, name)) {
  console.error(
    `There is no benchmark ${name}. There are:\n${Object.entries(benches)
      .map(([key, about]) => `  ${key.padEnd(16)}${about}`)
      .join('\n')}`,
  );
  process.exit(2);
}
for (const each of name === undefined ? Object.keys(benches) : [name]) {
  console.log(`\n${each}: ${benches[each]}`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`./${each}.ts`, import.meta.url)), ...rest], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
