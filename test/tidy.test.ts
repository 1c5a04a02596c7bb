/** The rules that the repository holds itself to, read from its own files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => existsSync(join(root, file)));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const binary = /\.(png|ico|gz|zip|xlsx|parquet|bin)$/;

/** Phrases that no file of the project holds. Written in parts, so that this list does not hold them itself. */
const forbidden: readonly [string, RegExp][] = [
  ['work that is put off', new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)],
  [
    'a package registry by host',
    new RegExp(`https?://[a-z0-9.-]*(${['regis' + 'try', 'mir' + 'ror'].join('|')})\\.`, 'i'),
  ],
  ['a path of one machine', new RegExp(`(^|[\\s"'\`(])/(${['wo' + 'rk', 'ro' + 'ot', 'home/[a-z]+'].join('|')})/`)],
];

/** Only in sources: what hides a problem from the compiler or the tests. */
const forbiddenInSources: readonly [string, RegExp][] = [
  ['a test that runs alone', new RegExp(`\\b(it|test|describe)\\.(${'on' + 'ly'}|${'to' + 'do'})\\(`)],
  ['a type that switches checking off', new RegExp(`\\bas a${'ny'}\\b|@ts-(${'ignore'}|${'nocheck'})`)],
];

function holding(files: readonly string[], rules: readonly [string, RegExp][]): string[] {
  return files.flatMap((file) => {
    const lines = read(file).split('\n');
    return rules.flatMap(([what, pattern]) =>
      lines.flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${what}`] : [])),
    );
  });
}

function run(command: string, options: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), options, {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}`.slice(-4000);
}

describe('the tools find nothing', () => {
  it('formatting and lint', () => expect(run('biome', ['ci', '--reporter=summary', '.'])).toBe(''), 120_000);
  it('types', () => expect(run('tsc', ['-p', 'tsconfig.json'])).toBe(''), 180_000);
  it('types of the console', () => expect(run('tsc', ['-p', 'console/tsconfig.json'])).toBe(''), 180_000);
  it(
    'types of core, without those of a browser or of Node',
    () => expect(run('tsc', ['-p', 'core/tsconfig.json'])).toBe(''),
    120_000,
  );
});

describe('files', () => {
  const texts = tracked.filter((file) => !binary.test(file) && file !== 'package-lock.json');

  it('hold no phrase that the project does without', () => {
    expect(holding(texts, forbidden)).toEqual([]);
    expect(
      holding(
        texts.filter((file) => /\.[jt]sx?$/.test(file)),
        forbiddenInSources,
      ),
    ).toEqual([]);
  });

  it('have names in lower case with hyphens, and say what they are about', () => {
    const odd = tracked.filter((file) => {
      const name = basename(file);
      if (/^[A-Z]+(\.[a-z-]+|\.zh-CN)?(\.md)?$/.test(name) || /_pb\.ts$/.test(name)) return false;
      return !/^\.?[a-z0-9]+([.-][a-z0-9]+|_[a-z0-9]+(?=[\w.]*\.sql$))*$/.test(name);
    });
    expect(odd).toEqual([]);
    const vague = tracked.filter((file) => /(^|\/)(utils?|common|helpers?|misc)(\/|\.ts$)/.test(file));
    expect(vague).toEqual([]);
  });

  it('that open a folder begin with a sentence about it', () => {
    const silent = tracked.filter((file) => /(^|\/)index\.ts$/.test(file) && !read(file).startsWith('/**'));
    expect(silent).toEqual([]);
  });
});

describe('packages', () => {
  const manifests = tracked.filter((file) => basename(file) === 'package.json' && file !== 'package.json');

  it('have one version', () => {
    expect(new Set(manifests.map((file) => JSON.parse(read(file)).version)).size).toBe(1);
  });

  it('that are used directly each have a reason in docs/decisions', () => {
    const rows = read('docs/decisions/0002-dependencies.md').matchAll(/^\| ([^|]+) \|/gm);
    const explained = new Set([...rows].flatMap((row) => row[1]!.split(',').map((name) => name.trim())));
    const names = ['package.json', ...manifests].flatMap((file) => {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(file));
      return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    });
    const unexplained = [...new Set(names)].filter((name) => !name.startsWith('@causeway/') && !explained.has(name));
    expect(unexplained).toEqual([]);
  });

  it('are locked without naming where they came from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});

describe('a canary is caught', () => {
  it.each(forbidden.map(([what]) => what))('%s', (what) => {
    const canaries = [`// TO${'DO'}: later`, `https://regis${'try'}.example.org/x`, `cd /wo${'rk'}/main`];
    const pattern = forbidden.find(([name]) => name === what)![1];
    expect(canaries.some((line) => pattern.test(line))).toBe(true);
    expect(dirname(root)).not.toBe('');
  });
});
