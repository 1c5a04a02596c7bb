import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Database } from './database.ts';
import { Engine, type EngineOptions, type Progress } from './index.ts';
import { testContext, testFolder } from './testing/context.ts';

const refused = (code: string) => expect.objectContaining({ name: 'DataError', code });
const engines: Engine[] = [];

function engineIn(folder: string, options: Partial<EngineOptions> = {}): Engine {
  const engine = new Engine({ spillFolder: join(folder, 'spill'), ...options });
  engines.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

/** Process ids of this test's engine processes. */
function children(): number[] {
  const list = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return list
    .split('\n')
    .filter((line) => line.includes('engine/worker.ts'))
    .map((line) => Number.parseInt(line, 10));
}

const input = (folder: string, path: string) => ({
  path,
  folder: join(folder, 'dataset'),
  ids: [{ column: 'mobile', profile: 'phone' }],
  attributes: [],
});

function smallFile(folder: string): string {
  const path = join(folder, 'small.csv');
  writeFileSync(path, 'mobile,n\n13800138000,1\n');
  return path;
}

function largeFile(folder: string): string {
  const path = join(folder, 'large.csv');
  writeFileSync(
    path,
    `mobile,n\n${Array.from({ length: 400_000 }, (_, i) => `${13_800_000_000 + i},${i}`).join('\n')}\n`,
  );
  return path;
}

/** Starts an import of a large file: `atWork` when it reads, `ended` with its failure. */
function startLarge(folder: string, engine: Engine, signal?: AbortSignal) {
  const begun = Promise.withResolvers<Progress>();
  const ended = engine.importDataset(input(folder, largeFile(folder)), { onProgress: begun.resolve, signal }).then(
    () => new Error('it was imported'),
    (error: unknown) => error,
  );
  // On a busy machine it may have ended before it told of anything.
  return { atWork: Promise.race([begun.promise, ended]), ended };
}

const leftovers = (folder: string) => [
  ...(existsSync(join(folder, 'dataset')) ? readdirSync(join(folder, 'dataset')) : []),
  ...readdirSync(join(folder, 'spill')),
];

describe('the engine process', () => {
  it('is started for a task, kept for the next, and ended when it was idle', async () => {
    const folder = testFolder();
    const engine = engineIn(folder, { idleMs: 2_000 });
    expect(children()).toEqual([]);
    const path = smallFile(folder);
    await engine.inspect({ path });
    const [first] = children();
    await engine.importDataset(input(folder, path));
    expect(children()).toEqual([first]);
    for (let i = 0; i < 200 && children().length > 0; i++) await sleep(50);
    expect(children()).toEqual([]);
    expect((await engine.inspect({ path })).rows).toEqual({ count: 1, isExact: true });
  });

  it('that is killed fails its task alone; the next task has a new one, and nothing is left', async () => {
    const folder = testFolder();
    const engine = engineIn(folder);
    const { atWork, ended } = startLarge(folder, engine);
    await atWork;
    const [pid] = children();
    process.kill(pid!, 'SIGKILL');
    expect(await ended).toEqual(refused('engine-lost'));
    expect(leftovers(folder)).toEqual([]);
    expect((await engine.importDataset(input(folder, smallFile(folder)))).rowCount).toBe(1);
  });

  it('that is killed while it writes leaves no part of the dataset', async () => {
    const folder = testFolder();
    const engine = engineIn(folder);
    let killed: string[] | undefined;
    const onProgress = ({ stage }: Progress) => {
      if (stage === 'reading' || killed !== undefined) return;
      killed = readdirSync(join(folder, 'dataset'));
      process.kill(children()[0]!, 'SIGKILL');
    };
    await expect(engine.importDataset(input(folder, largeFile(folder)), { onProgress })).rejects.toThrow(
      refused('engine-lost'),
    );
    expect(killed).toBeDefined();
    expect(leftovers(folder)).toEqual([]);
  });

  it('that hangs is ended', async () => {
    const folder = testFolder();
    const engine = engineIn(folder, { stallMs: 2_500 });
    const { atWork, ended } = startLarge(folder, engine);
    await atWork;
    for (const pid of children()) process.kill(pid, 'SIGSTOP');
    expect(await ended).toEqual(refused('engine-stalled'));
    expect(leftovers(folder)).toEqual([]);
  });

  it('ends its task when that is cancelled, and stays for the next', async () => {
    const folder = testFolder();
    const engine = engineIn(folder);
    const abort = new AbortController();
    const { atWork, ended } = startLarge(folder, engine, abort.signal);
    await atWork;
    const [pid] = children();
    abort.abort();
    expect(await ended).toEqual(refused('cancelled'));
    expect(leftovers(folder)).toEqual([]);
    expect((await engine.inspect({ path: smallFile(folder) })).rows.count).toBe(1);
    expect(children()).toEqual([pid]);
    await expect(engine.inspect({ path: smallFile(folder) }, { signal: abort.signal })).rejects.toThrow(
      refused('cancelled'),
    );
  });

  it('past its memory limit is ended with the limit named, others go on [F57]', async () => {
    const folder = testFolder();
    const engine = engineIn(folder, { memoryLimitBytes: 72 * 1024 * 1024 });
    const other = engineIn(testFolder());
    const path = smallFile(folder);
    const failure = engine.importDataset(input(folder, largeFile(folder)));
    await expect(failure).rejects.toThrow(refused('out-of-memory'));
    expect((await other.inspect({ path })).rows.count).toBe(1);
    expect(leftovers(folder)).toEqual([]);
  });

  it('runs no more tasks at a time than allowed; those that wait can be cancelled, and closing refuses them', async () => {
    const folder = testFolder();
    const engine = engineIn(folder, { processCountMax: 1 });
    const path = smallFile(folder);
    const { atWork, ended } = startLarge(folder, engine);
    await atWork;
    // Held at its work until the end of the test.
    process.kill(children()[0]!, 'SIGSTOP');
    const abort = new AbortController();
    const waiting = engine.importDataset(input(folder, path), { signal: abort.signal });
    const other = engine.importDataset(input(folder, path));
    abort.abort();
    await expect(waiting).rejects.toThrow(refused('cancelled'));
    expect(children()).toHaveLength(1);
    expect((await engine.inspect({ path })).rows.count).toBe(1);
    await Promise.all([expect(other).rejects.toThrow(refused('closed')), engine.close()]);
    expect(await ended).toEqual(refused('closed'));
    await expect(engine.inspect({ path })).rejects.toThrow(refused('closed'));
    expect(children()).toEqual([]);
  });

  it('does not keep a program from ending that forgot to close it', () => {
    const folder = testFolder();
    const script = `import { Engine } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const engine = new Engine({ spillFolder: ${JSON.stringify(join(folder, 'spill'))} });
      console.log((await engine.inspect({ path: ${JSON.stringify(smallFile(folder))} })).rows.count);`;
    const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(output.trim()).toBe('1');
  });

  it('removes what the tasks of a killed node left behind, and nothing else', async () => {
    const folder = testFolder();
    const engine = engineIn(folder);
    const ended = execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }).trim();
    for (const name of [`task-${ended}-x`, `task-${process.pid}-y`, 'other'])
      mkdirSync(join(folder, 'spill', name), { recursive: true });
    await engine.inspect({ path: smallFile(folder) });
    expect(readdirSync(join(folder, 'spill')).sort()).toEqual(['other', `task-${process.pid}-y`]);
  });

  it("writes what only the node's own user may read, wherever the folders are named from", async () => {
    const folder = testFolder();
    const engine = new Engine({ spillFolder: relative(process.cwd(), join(folder, 'spill')) });
    engines.push(engine);
    const { parquet } = await engine.importDataset({
      ...input(folder, smallFile(folder)),
      folder: relative(process.cwd(), join(folder, 'dataset')),
    });
    expect(parquet.path).toBe(join(folder, 'dataset', 'rows.parquet'));
    expect(statSync(parquet.path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'dataset')).mode & 0o777).toBe(0o700);
  });

  it('is given nothing of the environment', async () => {
    const folder = testFolder();
    process.env.CAUSEWAY_TEST_SECRET = 'canary';
    const engine = engineIn(folder);
    await engine.inspect({ path: smallFile(folder) });
    delete process.env.CAUSEWAY_TEST_SECRET;
    const [pid] = children();
    const parts: Buffer[] = [];
    for await (const part of createReadStream(`/proc/${pid}/environ`)) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).not.toContain('canary');
  });
});

describe("a task's database [F65]", () => {
  it.each([
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "COPY (SELECT 1) TO '/tmp/causeway-escape.csv'",
    "ATTACH '/tmp/causeway-escape.db'",
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET threads = 8',
    "SET allowed_directories = ['/']",
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_csv('https://example.com/x.csv')",
  ])('cannot: %s', async (sql) => {
    const database = await Database.open(testContext(), {});
    try {
      await expect(database.rows(sql)).rejects.toThrow(refused('engine-failed'));
      expect(existsSync('/tmp/causeway-escape.csv') || existsSync('/tmp/causeway-escape.db')).toBe(false);
    } finally {
      database.close();
    }
  });

  it('can use its own folder and the files it was given, and no name leads out of them', async () => {
    const folder = testFolder();
    const context = testContext();
    writeFileSync(join(folder, 'given.csv'), 'a\n1\n');
    writeFileSync(join(folder, 'other.csv'), 'a\n1\n');
    const database = await Database.open(context, { files: [join(folder, 'given.csv')] });
    try {
      await database.run(`COPY (SELECT 1) TO '${context.folder}/out.csv'`);
      expect(readFileSync(join(context.folder, 'out.csv'), 'utf8')).toContain('1');
      expect(await database.rows(`SELECT * FROM read_csv('${folder}/given.csv')`)).toEqual([[1n]]);
      await expect(database.rows(`SELECT * FROM read_csv('${folder}/other.csv')`)).rejects.toThrow(
        refused('engine-failed'),
      );
      await expect(
        database.rows(`SELECT * FROM read_csv('${context.folder}/../${folder.split('/').pop()}/other.csv')`),
      ).rejects.toThrow(refused('engine-failed'));
    } finally {
      database.close();
    }
  });

  it('never repeats a value in its errors', async () => {
    const database = await Database.open(testContext(), {});
    try {
      await expect(database.rows("SELECT CAST('13800138000x' AS INTEGER)")).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('13800138000') }),
      );
    } finally {
      database.close();
    }
  });
});
