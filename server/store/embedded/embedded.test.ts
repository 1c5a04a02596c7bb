import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureDatabase } from '../database.ts';
import { readAccess } from './cluster.ts';
import { type EmbeddedPostgres, type EmbeddedState, startEmbedded, stopEmbedded } from './index.ts';
import { isPostmasterOf } from './lock-file.ts';

const root = process.getuid?.() === 0;
const namespaces = root && works('unshare', ['--user', '--map-user=1000', 'true']);

let folder: string;
let server: EmbeddedPostgres;

async function query<Row extends object>(text: string, url = server.url): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain until ${what}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-embedded-'));
});
afterEach(async () => {
  await server.close();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the node’s own PostgreSQL', () => {
  it('is made on first use: durable, checked, UTF-8, reachable with its password only', async () => {
    server = await startEmbedded({ folder });
    await ensureDatabase(server.url);
    const [row] = await query<Record<string, string>>(
      `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages, current_setting('synchronous_commit') AS commits,
              current_setting('data_checksums') AS checksums, current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS address`,
    );
    expect(row).toEqual({
      fsync: 'on',
      pages: 'on',
      commits: 'on',
      checksums: 'on',
      encoding: 'UTF8',
      address: '127.0.0.1',
    });
    const wrong = new URL(server.url);
    wrong.password = 'f'.repeat(64);
    await expect(query('SELECT 1', wrong.href)).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(folder, 'cluster', 'causeway.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'cluster'))).mode & 0o077).toBe(0);
  });

  it('keeps port, password and what was committed from one start to the next', async () => {
    server = await startEmbedded({ folder });
    await query('CREATE TABLE kept AS SELECT 41 AS n');
    const { url } = server;
    await server.close();
    await expect(query('SELECT 1', url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    server = await startEmbedded({ folder });
    expect(server.url).toBe(url);
    expect(await query('SELECT n FROM kept')).toEqual([{ n: 41 }]);
  });

  it('moves to another port when its own is taken', async () => {
    const { port } = (await readAccess(join(folder, 'cluster')))!;
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen({ host: '127.0.0.1', port }, resolve));
    try {
      server = await startEmbedded({ folder });
    } finally {
      squatter.close();
    }
    expect(new URL(server.url).port).not.toBe(String(port));
    expect(await query('SELECT n FROM kept')).toEqual([{ n: 41 }]);
    expect((await readAccess(join(folder, 'cluster')))!.port).toBe(Number(new URL(server.url).port));
  });

  it('[F51] outlives a node that was killed, and is adopted by the next one', async () => {
    const program = `const { startEmbedded } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const server = await startEmbedded({ folder: process.argv[1] }); console.log(server.pid); setInterval(() => {}, 1000);`;
    const node = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => node.stdout.once('data', (text) => resolve(Number(text))));
    const died = new Promise((resolve) => node.once('exit', resolve));
    node.kill('SIGKILL');
    await died;
    server = await startEmbedded({ folder });
    expect(server.adopted).toBe(true);
    expect(server.pid).toBe(pid);
    expect(await query('SELECT n FROM kept')).toEqual([{ n: 41 }]);
    await server.close();
    expect(await isPostmasterOf(join(folder, 'cluster'), pid)).toBe(false);
  });

  it.each(['started', 'adopted'] as const)(
    '[F51] is started again when it is killed (%s), with what was committed',
    async (how) => {
      const states: EmbeddedState[] = [];
      server = await startEmbedded({ folder, onState: (state) => states.push(state) });
      const first = server;
      if (how === 'adopted') server = await startEmbedded({ folder, onState: (state) => states.push(state) });
      expect(server.adopted).toBe(how === 'adopted');
      await query(`CREATE TABLE ${how}_before AS SELECT 42 AS n`);
      const { pid, url } = server;
      process.kill(pid, 'SIGKILL');
      await until('the server is back', () => server.state === 'up' && server.pid !== pid && states.includes('up'));
      expect(states[0]).toBe('recovering');
      expect(server.url).toBe(url);
      await until('it answers', () =>
        query('SELECT 1').then(
          () => true,
          () => false,
        ),
      );
      expect(await query(`SELECT n FROM ${how}_before`)).toEqual([{ n: 42 }]);
      await first.close();
    },
  );

  it('starts though its lock file names a process that is now another program', async () => {
    // As after a reboot or in a container, where process numbers come again. Our own number stands for the other program.
    await writeFile(
      join(folder, 'cluster', 'postmaster.pid'),
      `${process.pid}\n${join(folder, 'cluster')}\n1\n5432\n\n127.0.0.1\n\nready\n`,
    );
    server = await startEmbedded({ folder });
    expect(server.adopted).toBe(false);
    expect(await query('SELECT n FROM kept')).toEqual([{ n: 41 }]);
  });

  it('[F58] two starts at the same moment have one server, also the very first time', async () => {
    const fresh = join(folder, 'twice');
    await mkdir(fresh);
    const program = `const { startEmbedded } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const server = await startEmbedded({ folder: process.argv[1] }); console.log(server.pid); process.exit(0);`;
    const start = async () => {
      const node = spawn(process.execPath, ['--input-type=module', '-e', program, fresh], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return new Promise<number>((resolve) => node.stdout.once('data', (text) => resolve(Number(text))));
    };
    const pids = await Promise.all([start(), start()]);
    expect(pids[0]).toBe(pids[1]);
    expect((await readdir(fresh)).sort()).toEqual(['cluster', 'server.log']);
    server = await startEmbedded({ folder: fresh });
    expect(server.pid).toBe(pids[0]);
  });

  it('a start that was killed while making the data directory leaves nothing that is taken for one', async () => {
    const fresh = join(folder, 'half');
    await mkdir(join(fresh, `making-${process.pid}`, 'cluster'), { recursive: true });
    server = await startEmbedded({ folder: fresh });
    expect((await readdir(fresh)).sort()).toEqual(['cluster', 'server.log']);
  });

  it('is stopped from outside when its node is gone', async () => {
    server = await startEmbedded({ folder });
    const { pid } = server;
    await server.close();
    expect(await stopEmbedded(folder)).toBe(false);
    server = await startEmbedded({ folder });
    // What `close` does next finds it gone already.
    const stopped = stopEmbedded(folder);
    await server.close();
    await stopped;
    expect(await isPostmasterOf(join(folder, 'cluster'), pid)).toBe(false);
    expect(await stopEmbedded(join(folder, 'nowhere'))).toBe(false);
  });

  it('[F64] its log holds no statement, parameter or row', async () => {
    server = await startEmbedded({ folder });
    const canary = '13800138000';
    await query('CREATE TABLE ids (id text PRIMARY KEY)');
    await expect(query(`INSERT INTO ids VALUES ('${canary}'), ('${canary}')`)).rejects.toMatchObject({ code: '23505' });
    await expect(query(`SELECT '${canary}' + 1 FROM nowhere_${canary}`)).rejects.toThrow();
    await expect(query(`DO $$ BEGIN RAISE WARNING '${canary}'; END $$`)).resolves.toEqual([]);
    await server.close();
    const log = await readFile(join(folder, 'server.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain(canary);
  });

  it('[F55] a folder that cannot be made is named, with what to do', async () => {
    await writeFile(join(folder, 'a-file'), '');
    await expect(startEmbedded({ folder: join(folder, 'a-file', 'database') })).rejects.toMatchObject({
      code: 'folder-not-writable',
      remedy: expect.stringContaining('--home'),
      message: expect.stringContaining('a-file'),
    });
  });

  it('[F56] an access file that was altered is refused, not guessed at', async () => {
    const fresh = join(folder, 'altered');
    server = await startEmbedded({ folder: fresh });
    await server.close();
    await writeFile(join(fresh, 'cluster', 'causeway.json'), '{"port":99');
    await expect(startEmbedded({ folder: fresh })).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe.skipIf(!root)('as root', () => {
  it('PostgreSQL runs as a user without rights where it can reach the folder', async () => {
    const open = join(folder, 'open');
    server = await startEmbedded({ folder: open });
    expect((await stat(join(open, 'cluster'))).uid).not.toBe(0);
  });

  it.skipIf(!namespaces)('and else in a user namespace', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o700);
    server = await startEmbedded({ folder: join(closed, 'database') });
    expect((await stat(join(closed, 'database', 'cluster'))).uid).toBe(0);
    await server.close();
    server = await startEmbedded({ folder: join(closed, 'database') });
    await ensureDatabase(server.url);
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
