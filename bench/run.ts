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
  engine: 'reading, importing and exporting tables',
  generator: 'generating synthetic people',
  link: 'bytes between two nodes',
  'match-nodes': 'a match through two nodes',
};

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !Object.hasOwn(benches, name)) {
  console.error(
    `There is no benchmark ${name}. There are:\n${Object.entries(benches)
      .map(([key, about]) => `  ${key.padEnd(14)}${about}`)
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
