/** The direction of imports: read from the sources, held to the rules below. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each workspace may import of the others. */
const workspaces: Readonly<Record<string, readonly string[]>> = {
  core: [],
  native: ['core'],
  server: ['core', 'native'],
  sdk: ['core'],
  console: ['core', 'sdk'],
  generator: ['core'],
  cli: ['core', 'sdk', 'server', 'generator'],
  sim: ['core', 'native', 'server'],
};

/** What each folder of core may import of the others: bytes at the bottom, applications on top; ledger, policy and identifiers know no protocol. */
const coreFolders: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  archive: [],
  table: ['bytes'],
  workbook: ['bytes', 'table'],
  sql: [],
  geo: [],
  json: ['bytes'],
  random: ['bytes'],
  statistics: ['random'],
  group: ['bytes', 'random'],
  crypto: ['bytes', 'random', 'group'],
  privacy: ['bytes', 'random', 'group', 'crypto'],
  identifiers: ['bytes', 'sql', 'crypto'],
  ledger: ['bytes', 'json', 'crypto'],
  policy: ['bytes', 'sql', 'geo', 'json', 'random', 'crypto', 'privacy'],
  protocols: ['bytes', 'random', 'group', 'crypto', 'privacy'],
  applications: [
    'bytes',
    'sql',
    'geo',
    'json',
    'random',
    'group',
    'crypto',
    'privacy',
    'statistics',
    'protocols',
    'ledger',
    'policy',
    'identifiers',
  ],
  api: ['bytes', 'json'],
};

/** Packages that run in a browser as they do in Node. */
const corePackages = ['@noble/hashes', 'libphonenumber-js', 'libsodium-wrappers-sumo', 'saxes', 'zod'];

interface Import {
  readonly from: string;
  /** A path inside the repository, a package's name, or `node:…`. */
  readonly to: string;
}

/** @returns what is wrong with an import, or undefined. */
function fault({ from, to }: Import): string | undefined {
  const [fromSpace = '', fromFolder = ''] = from.split('/');
  if (isTest(to)) return `${from} imports the test ${to}`;
  const [toSpace = '', toFolder = ''] = to.split('/');
  if (fromSpace === 'core') {
    if (to.startsWith('node:')) return `${from} imports ${to}: core runs in a browser too`;
    if (toSpace !== 'core') {
      const known = corePackages.some((name) => to === name || to.startsWith(`${name}/`));
      return known ? undefined : `${from} imports ${to}, which core may not`;
    }
    if (fromFolder === toFolder) return undefined;
    return coreFolders[fromFolder]?.includes(toFolder)
      ? undefined
      : `core/${fromFolder} may not import core/${toFolder} (${from})`;
  }
  if (!Object.hasOwn(workspaces, toSpace) || toSpace === fromSpace) return undefined;
  return workspaces[fromSpace]?.includes(toSpace) ? undefined : `${fromSpace} may not import ${toSpace} (${from})`;
}

/** A test, or what tests alone use: a folder `testing`. */
function isTest(path: string): boolean {
  return /\.test\.ts$|\/testing\//.test(path);
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const found = source.matchAll(
    /^\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map((match) => ({ from: file, to: resolve(file, match[1] ?? match[2] ?? match[3]!) }));
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  return specifier.replace(/^@causeway\//, '');
}

const sources = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => Object.hasOwn(workspaces, file.split('/')[0]!) && !isTest(file));

describe('imports', () => {
  it('of every source go in the direction of the house', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(
      sources
        .flatMap(importsOf)
        .map(fault)
        .filter((said) => said !== undefined),
    ).toEqual([]);
  });

  it('of core’s folders make no circle', () => {
    const order = Object.keys(coreFolders);
    const visited = new Set<string>();
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path).not.toContain(folder);
      for (const next of coreFolders[folder]!) if (!visited.has(next)) visit(next, [...path, folder]);
      visited.add(folder);
    };
    for (const folder of order) visit(folder, []);
  });

  it.each<[string, Import]>([
    ['core and Node', { from: 'core/bytes/hex.ts', to: 'node:buffer' }],
    ['core and a foreign package', { from: 'core/bytes/hex.ts', to: 'fastify' }],
    ['bytes and protocols', { from: 'core/bytes/hex.ts', to: 'core/protocols/index.ts' }],
    ['ledger and protocols', { from: 'core/ledger/state.ts', to: 'core/protocols/index.ts' }],
    ['native and server', { from: 'native/index.ts', to: 'server/node' }],
    ['sdk and server', { from: 'sdk/client.ts', to: 'server/node' }],
    ['console and server', { from: 'console/main.tsx', to: 'server/node' }],
    ['server and cli', { from: 'server/node/node.ts', to: 'cli/main.ts' }],
    ['a source and a test', { from: 'server/node/node.ts', to: 'server/node/difference-guard.test.ts' }],
  ])('a canary is caught: %s', (_, canary) => {
    expect(fault(canary)).toBeDefined();
  });
});
