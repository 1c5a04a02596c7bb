/** No branch and no address of the kernel depends on a secret; clang's MemorySanitizer looks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, for an old Node
import { flagsOf, isForThisMachine } from '../toolchain/compiler.js';

const root = dirname(import.meta.dirname);
const out = join(root, 'build/secret-flow');
const sanitizer = ['-fsanitize=memory', '-fno-sanitize-recover=all', '-g1', '-DCAUSEWAY_SECRET_FLOW'];
const hasSanitizer =
  spawnSync('clang++', [...sanitizer, '-x', 'c++', '-', '-o', '/dev/null'], { input: 'int main() {}' }).status === 0;

/** Objects of this run: programs share most of their sources. */
const compiled = new Set<string>();

function compile(program: string, folders: string): void {
  mkdirSync(out, { recursive: true });
  const sources = globSync(`src/${folders}/*.cc`, { cwd: root }).filter(isForThisMachine);
  const objects = [`secret-flow/${program}.cc`, ...sources].map((source) => {
    const object = join(out, `${basename(dirname(source))}-${basename(source, '.cc')}.o`);
    if (compiled.has(object)) return object;
    compiled.add(object);
    // The classes that are not followed only have to be there.
    const how = /\.(avx2|ifma)\.cc$/.test(source) ? ['-O0'] : sanitizer;
    const options = [...flagsOf(source), ...how, '-I', join(root, 'src'), '-c', join(root, source), '-o', object];
    execFileSync('clang++', options);
    return object;
  });
  execFileSync('clang++', [...sanitizer, ...objects, '-pthread', '-o', join(out, program)]);
}

describe.skipIf(!hasSanitizer).each([
  ['the silent VOLE', 'vole', '{block,cpu,hash,vole}'],
  ['the group', 'group', '{cpu,hash,group}'],
  ['join/sum', 'sum', '{cpu,hash,group,sum}'],
])('secrets of %s', (_, program, folders) => {
  const follow = (...options: string[]) => spawnSync(join(out, program), options, { encoding: 'utf8' });
  beforeAll(() => compile(program, folders), 300_000);

  it('steer no branch and no address', () => {
    expect(follow()).toMatchObject({ status: 0, stderr: '' });
  });

  it('would be seen if they did', () => {
    const { status, stderr } = follow('control');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/use-of-uninitialized-value[\s\S]*look_up/);
  });
});
