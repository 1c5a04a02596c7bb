/** The program as it is started: under this Node, under an older one, with its output cut off. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../version.ts';

const bin = fileURLToPath(new URL('causeway.js', import.meta.url));
let folder: string;
/** Makes any Node say that it is 20; what it starts is not touched. */
let asNode20: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-bin-'));
  asNode20 = join(folder, 'as-node-20.cjs');
  writeFileSync(asNode20, `Object.defineProperty(process.versions, 'node', { value: '20.19.4' });`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  CAUSEWAY_HOME: join(folder, 'none'),
  ...more,
});
const run = (args: readonly string[], { old, extra }: { old?: true; extra?: Record<string, string> } = {}) =>
  spawnSync(process.execPath, [...(old ? ['-r', asNode20] : []), bin, ...args], { encoding: 'utf8', env: env(extra) });

describe('causeway', () => {
  test('--version and --help need nothing else', () => {
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    const help = run(['--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: causeway');
  });

  test('without a command it shows the page, and that is no success', () => {
    const { status, stdout, stderr } = run([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: causeway');
  });

  test('ends with the command’s exit code, --json with one document', () => {
    const { status, stdout } = run(['status', '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'no-home' });
  });

  test('a reader that has gone ends it as SIGPIPE would, without a stack trace', async () => {
    const child = spawn(process.execPath, [bin, 'dataset', 'add', '--help'], {
      env: env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });
});

describe('under an older Node', () => {
  test('the same command runs again under the project’s own, with its output and exit code', () => {
    expect(run(['--version'], { old: true })).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    const failed = run(['status', '--json', '--lang', 'zh'], { old: true });
    expect(failed.status).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ code: 'no-home' });
  });

  test('where the project has none, it says what is needed', () => {
    const alone = join(folder, 'alone', 'bin');
    mkdirSync(alone, { recursive: true });
    cpSync(bin, join(alone, 'causeway.js'));
    writeFileSync(join(folder, 'alone', 'package.json'), '{"type":"module"}');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['-r', asNode20, join(alone, 'causeway.js'), 'status'],
      {
        encoding: 'utf8',
        env: env(),
      },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('needs Node 22.18 or newer; this is Node 20.19.4');
    expect(stderr).toContain('npm ci');
  });

  test('a Node that it was restarted under and that is old as well does not start it for ever', () => {
    const { status, stderr } = run(['--version'], { old: true, extra: { CAUSEWAY_RESTARTED_BY: String(process.pid) } });
    expect(status).toBe(1);
    expect(stderr).toContain('needs Node 22.18 or newer');
  });

  test('a signal reaches the command, and its end is this one’s', async () => {
    // A program in the place of main.ts that says that it listens, and ends by what it is sent.
    const place = join(folder, 'signalled');
    mkdirSync(join(place, 'bin'), { recursive: true });
    mkdirSync(join(place, 'node_modules', '.bin'), { recursive: true });
    cpSync(bin, join(place, 'bin', 'causeway.js'));
    writeFileSync(join(place, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(place, 'node_modules', '.bin', 'node'),
      `#!/bin/sh\ntrap 'echo interrupted; exit 130' INT\necho listening\nfor i in $(seq 400); do sleep 0.05; done\n`,
      { mode: 0o755 },
    );
    const start = () =>
      spawn(process.execPath, ['-r', asNode20, join(place, 'bin', 'causeway.js')], {
        env: env(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    for (const [signal, expected] of [
      ['SIGINT', { code: 130, signal: null }],
      ['SIGTERM', { code: null, signal: 'SIGTERM' }],
    ] as const) {
      const child = start();
      child.stdout.once('data', () => child.kill(signal));
      const ended = await new Promise((resolve) => child.on('close', (code, by) => resolve({ code, signal: by })));
      expect(ended).toEqual(expected);
    }
  });
});
