/** The C++ half tests itself: its programs, compiled as they are and again under sanitizers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const compilers = process.env.CXX ? [process.env.CXX] : ['clang++', 'g++', 'c++'];
const compiler = compilers.find((name) => spawnSync(name.split(' ')[0]!, ['--version']).status === 0);
const canFuzz = compiler !== undefined && compiles(compiler, 'fuzzer,address,undefined');
const sanitizers = canFuzz ? 'fuzzer,address,undefined' : 'address,undefined';
const canSanitize = canFuzz || (compiler !== undefined && compiles(compiler, sanitizers));
/** Seconds for each fuzz target: enough to see that it runs; a long run is a matter of `-max_total_time`. */
const fuzzSeconds = Number(process.env.CAUSEWAY_FUZZ_SECONDS ?? 1);

const named = (pattern: string) =>
  globSync(pattern, { cwd: root })
    .map((path) => basename(path, '.cc'))
    .sort();
const programs = named('test/*.cc');
const targets = named('fuzz/*.cc');

/** Whether a program links with these: their run-time libraries are packages of their own. */
function compiles(name: string, sanitize: string): boolean {
  const [command = '', ...words] = name.split(' ');
  const hasMain = sanitize.includes('fuzzer');
  const probe = hasMain
    ? 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char *, unsigned long) { return 0; }'
    : 'int main() {}';
  const options = [...words, `-fsanitize=${sanitize}`, '-x', 'c++', '-', '-o', '/dev/null'];
  return spawnSync(command, options, { input: probe }).status === 0;
}

function build(options: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const done = spawnSync(process.execPath, [join(root, 'build.js'), ...options], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status: done.status, said: done.stdout + done.stderr };
}

const run = (path: string, options: readonly string[] = []) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'build', path), options, { encoding: 'utf8' });
  return status === 0 ? '' : `${path}: ${status}\n${stdout}${stderr}`.slice(-4000);
};

describe.skipIf(!compiler)(`compiled by ${compiler ?? 'nothing: there is no C++ compiler'}`, () => {
  it('compiles without a warning, and a second time does nothing', () => {
    expect(build(['--programs'])).toMatchObject({ status: 0 });
    expect(build(['--programs']).said).toContain('is up to date');
    const warnings = globSync('build/objects/**/*.log', { cwd: root }).map((log) =>
      readFileSync(join(root, log), 'utf8'),
    );
    expect(warnings.length).toBeGreaterThan(5);
    expect(warnings.filter((text) => text !== '')).toEqual([]);
  }, 300_000);

  it.each(programs)('%s', (program) => expect(run(`test/${program}`)).toBe(''), 120_000);

  it('code of one instruction set does not stand in for that of another: a class’s objects share no symbol', () => {
    const objects = globSync('build/objects/src/**/*.{avx2,ifma}.o', { cwd: root });
    const shared = objects.flatMap((object) => {
      const symbols = execFileSync('nm', ['--defined-only', '-C', join(root, object)], { encoding: 'utf8' });
      return (
        symbols
          .split('\n')
          // Functions: a constant is the same whichever class it was compiled for.
          .filter((line) => /^\S+ W /.test(line))
          .map((line) => `${object}: ${line}`)
      );
    });
    expect(shared).toEqual([]);
  });
});

describe.skipIf(!canSanitize)(`under ${sanitizers}`, () => {
  const folder = sanitizers.replaceAll(',', '-');

  it('compiles', () => expect(build(['--programs', '--sanitize', sanitizers])).toMatchObject({ status: 0 }), 300_000);
  it.each(programs)('%s', (program) => expect(run(`${folder}/test/${program}`)).toBe(''), 300_000);
  it.each(targets)(
    `%s, fuzzed for ${fuzzSeconds} s`,
    (target) => {
      expect(run(`${folder}/fuzz/${target}`, [`-max_total_time=${fuzzSeconds}`, '-seed=1'])).toBe('');
    },
    (fuzzSeconds + 60) * 1000,
  );
});

describe('without a compiler', () => {
  it('the build succeeds, says so in one line, and says what to do', () => {
    const { status, said } = build(['--sanitize', 'none'], { CXX: 'no-such-compiler' });
    expect(status).toBe(0);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toMatch(/WebAssembly.*install clang\+\+ or g\+\+.*npm run build:native/);
    expect(existsSync(join(root, 'build/none/build.log'))).toBe(true);
    rmSync(join(root, 'build/none'), { recursive: true });
  });
});
