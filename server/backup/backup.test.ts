import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Home, initHome, openHome, readRestored } from '../home/index.ts';
import { openStore } from '../store/index.ts';
import { startTestServer, type TestServer } from '../store/test-server.ts';
import { type BackupOptions, backUpStopped, type RestoreReport, restore } from './index.ts';

const place = mkdtempSync(join(tmpdir(), 'causeway-backup-'));
const nowMs = Date.parse('2026-03-01T08:00:00Z');
const kept = 'datasets/ds-kept/rows.parquet';
const rows = randomBytes(3_000_000);
let home: Home;
const backup = join(place, 'backup');

const options = (changes: Partial<Omit<BackupOptions, 'database'> & { databaseUrl: string }> = {}) => ({
  home,
  to: backup,
  software: '0.0.0',
  nowMs,
  signal: new AbortController().signal,
  onProgress: () => {},
  ...changes,
});
const restoring = (from: string, to: string): Promise<RestoreReport> =>
  restore({ from, home: to, nowMs, signal: new AbortController().signal });

function put(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** All files of a folder, by path. */
function filesOf(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesOf(folder, path) : [path];
  });
}

async function makeHome(): Promise<void> {
  home = await initHome({ home: join(place, 'home'), org: 'Aurora', nowMs });
  const database = await openStore({ home: home.folder, nowMs });
  const dataset = { name: 'kept', rows: 3, bytes: 3, description: {}, report: {}, source: { path: '/x' } };
  await database.store.datasets.create({ ...dataset, id: 'ds-kept', folder: 'datasets/ds-kept', atMs: nowMs, by: 'a' });
  await database.close();
  put(home.folder, kept, rows);
  put(home.folder, 'audiences/job-1.rows', 'rows');
  put(home.folder, 'guard/media/users/phone/job-1.keys', 'keys');
  put(home.folder, 'evidence/job-1.json', '{}');
  put(home.folder, 'datasets/ds-importing/rows.parquet', 'of an import that had not ended');
  put(home.folder, 'audiences/job-2.rows.partial', 'half');
  put(home.folder, 'jobs/job-3/round-0.secret', 'a scalar that must not be used twice');
  put(home.folder, 'logs/node.log', 'line');
}

let external: TestServer;
beforeAll(async () => {
  await makeHome();
  await backUpStopped(options());
  external = await startTestServer();
}, 120_000);
afterAll(async () => {
  await external?.close();
  rmSync(place, { recursive: true, force: true });
});

describe('[F61] a backup', () => {
  it('is for its owner’s eyes alone, and holds what makes the node; no work in progress, log or half file', () => {
    const files = filesOf(backup);
    for (const path of files) expect(statSync(join(backup, path)).mode & 0o077).toBe(0);
    expect(statSync(backup).mode & 0o077).toBe(0);
    const outside = files.filter((path) => !path.startsWith('home/database/'));
    expect(outside.sort()).toEqual(
      [
        ...['SHA256SUMS', 'backup.json', 'home/config.json', `home/${kept}`, 'home/audiences/job-1.rows'],
        ...['home/evidence/job-1.json', 'home/guard/media/users/phone/job-1.keys'],
        ...['identity.seed', 'local.secret', 'tls.json'].map((name) => `home/keys/${name}`),
      ].sort(),
    );
    expect(files).toContain('home/database/cluster/backup_label');
    expect(files).not.toContain('home/database/cluster/postmaster.pid');
    expect(readdirSync(place).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('names every file with its digest, as other programs read it', () => {
    const lines = readFileSync(join(backup, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
    expect([...sums.keys(), 'SHA256SUMS'].sort()).toEqual(filesOf(backup).sort());
    for (const [path, sum] of sums) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(backup, path)))
          .digest('hex'),
      ).toBe(sum);
    }
  });

  it('goes nowhere where something is, nor into its own home', async () => {
    await expect(backUpStopped(options())).rejects.toMatchObject({ code: 'backup-exists' });
    await expect(backUpStopped(options({ to: join(home.folder, 'backup') }))).rejects.toMatchObject({
      code: 'backup-exists',
      message: expect.stringContaining('lies in the home'),
    });
    const nowhere = join(place, 'nowhere', 'backup');
    await expect(backUpStopped(options({ to: nowhere }))).rejects.toMatchObject({ code: 'file-failed' });
  });

  it('that is cancelled leaves nothing', async () => {
    const stop = new AbortController();
    const to = join(place, 'cancelled');
    const progress = ({ done }: { done: number }) => done > 1_000_000 && stop.abort();
    await expect(backUpStopped(options({ to, signal: stop.signal, onProgress: progress }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(place).filter((name) => name.includes('cancelled'))).toEqual([]);
    expect(existsSync(join(home.folder, 'node.pid'))).toBe(false);
  });

  it('of a home that a node works in is left to that node', async () => {
    const pid = join(home.folder, 'node.pid');
    writeFileSync(pid, `${process.ppid}\n`);
    await expect(backUpStopped(options({ to: join(place, 'twice') }))).rejects.toMatchObject({
      code: 'already-running',
    });
    rmSync(pid);
  });

  it('follows a folder that was moved to another disk', async () => {
    const [folder, elsewhere] = [join(home.folder, 'audiences'), join(place, 'elsewhere')];
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    const to = join(place, 'linked');
    await backUpStopped(options({ to }));
    expect(lstatSync(join(to, 'home/audiences')).isDirectory()).toBe(true);
    expect(readFileSync(join(to, 'home/audiences/job-1.rows'), 'utf8')).toBe('rows');
    rmSync(folder);
    renameSync(elsewhere, folder);
  });

  it('says that a database of another server is not in it', async () => {
    const to = join(place, 'external');
    const report = await backUpStopped(options({ to, databaseUrl: external.url }));
    expect(report).toMatchObject({ database: 'external' });
    expect(existsSync(join(to, 'home/database'))).toBe(false);
    expect((await restoring(to, join(place, 'external-home'))).backup).toMatchObject({ database: 'external' });
  });
});

describe('[F61] a home from a backup', () => {
  it('has every file as it was, and the database of then; and is known to be restored', async () => {
    const to = join(place, 'restored');
    mkdirSync(to);
    const report = await restoring(backup, to);
    expect(report.backup).toMatchObject({
      organisation: 'aurora',
      at: '2026-03-01T08:00:00.000Z',
      database: 'embedded',
    });
    expect(readFileSync(join(to, kept)).equals(rows)).toBe(true);
    expect((await openHome(to)).keys).toEqual(home.keys);
    expect(await readRestored(to)).toMatchObject({ backupAt: '2026-03-01T08:00:00.000Z' });
    expect(statSync(to).mode & 0o077).toBe(0);
    const database = await openStore({ home: to, nowMs });
    expect(await database.store.datasets.find('kept')).toMatchObject({ folder: 'datasets/ds-kept' });
    await database.close();
  });

  it('is not made over another one', async () => {
    await expect(restoring(backup, home.folder)).rejects.toMatchObject({
      code: 'home-not-empty',
      message: expect.stringContaining(home.folder),
    });
  });

  describe('is not made of a backup in which', () => {
    const copy = join(place, 'copy');
    const target = join(place, 'never');
    const undo: (() => void)[] = [];
    beforeAll(() => cpSync(backup, copy, { recursive: true }));
    afterEach(() => {
      for (const back of undo.splice(0)) back();
    });

    /** Takes a file of the backup away until the test ends. @returns what it held. */
    const take = (name: string): Buffer => {
      const path = join(copy, name);
      const bytes = readFileSync(path);
      undo.push(() => {
        rmSync(path, { force: true });
        writeFileSync(path, bytes);
      });
      rmSync(path);
      return bytes;
    };
    const flipped = (bytes: Buffer, bit: number) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      return changed;
    };
    const refused = async (code: string, named: string) => {
      await expect(restoring(copy, target)).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
      expect(existsSync(target)).toBe(false);
      expect(readdirSync(place).filter((name) => name.includes('never'))).toEqual([]);
    };

    it.each([
      'backup.json',
      'home/config.json',
      'home/keys/identity.seed',
      `home/${kept}`,
      'home/audiences/job-1.rows',
      'home/database/cluster/global/pg_control',
      'home/database/cluster/backup_label',
    ])('[F56] one bit of %s is flipped', async (path) => {
      const bytes = take(path);
      writeFileSync(join(copy, path), flipped(bytes, 4 * bytes.length));
      await refused('backup-damaged', path);
    });

    it('[F56] a bit of the list of digests is flipped', async () => {
      const text = take('SHA256SUMS');
      // In the first line; the lines are alike.
      for (let bit = 0; bit < 8 * (text.indexOf('\n') + 1); bit += 7) {
        writeFileSync(join(copy, 'SHA256SUMS'), flipped(text, bit));
        await expect(restoring(copy, target)).rejects.toMatchObject({ code: 'backup-damaged' });
      }
      expect(existsSync(target)).toBe(false);
    });

    it('a file is missing', async () => {
      take(`home/${kept}`);
      await refused('backup-damaged', `${kept} is missing`);
    });

    it('an empty folder of the database is missing', async () => {
      const path = join(copy, 'home/database/cluster/pg_notify');
      rmSync(path, { recursive: true });
      undo.push(() => mkdirSync(path));
      await refused('backup-damaged', 'pg_notify is missing');
    });

    it('a file is one too many', async () => {
      put(copy, 'home/datasets/ds-other/rows.parquet', 'x');
      undo.push(() => rmSync(join(copy, 'home/datasets/ds-other'), { recursive: true }));
      await refused('backup-damaged', 'home/datasets/ds-other was not written with this backup');
    });

    it('a link stands in the place of a file', async () => {
      take('home/config.json');
      symlinkSync('/etc/passwd', join(copy, 'home/config.json'));
      await refused('backup-damaged', 'home/config.json');
    });

    it('[F66] a name leads out of it', async () => {
      const text = take('SHA256SUMS');
      writeFileSync(join(copy, 'SHA256SUMS'), `${'0'.repeat(64)}  home/../../outside\n${text}`);
      await refused('backup-damaged', 'SHA256SUMS');
    });

    it('the form is of another release', async () => {
      const text = take('backup.json').toString().replace('causeway/backup/v1', 'causeway/backup/v9');
      const digest = createHash('sha256').update(text).digest('hex');
      const sums = take('SHA256SUMS').toString();
      writeFileSync(join(copy, 'backup.json'), text);
      writeFileSync(join(copy, 'SHA256SUMS'), sums.replace(/^.{64}(?= {2}backup\.json$)/m, digest));
      await refused('not-a-backup', 'release');
    });

    it('nothing is a backup', async () => {
      take('SHA256SUMS');
      await refused('not-a-backup', 'SHA256SUMS');
    });

    it('nothing is wrong any more', async () => {
      expect((await restoring(copy, target)).files).toBe(filesOf(copy).length - 2);
    });
  });
});
