import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsDefault } from '@causeway/core/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../store/test-server.ts';
import { allowedPath, readSettings } from './settings.ts';

let folder: string;
let allowed: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-paths-'));
  allowed = join(folder, 'allowed');
  await mkdir(join(folder, 'allowed-not'), { recursive: true });
  await mkdir(allowed);
  await writeFile(join(allowed, 'crm.csv'), '');
  await writeFile(join(folder, 'allowed-not', 'secret.csv'), '');
  await symlink(join(folder, 'allowed-not'), join(allowed, 'way-out'));
  await symlink(allowed, join(folder, 'linked'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('[F66] a file of the node’s machine', () => {
  it('inside of the folders is resolved, whichever way the folder is written', async () => {
    const file = join(allowed, 'crm.csv');
    expect(await allowedPath(file, 'read', [allowed])).toBe(file);
    expect(await allowedPath(join(folder, 'linked', 'crm.csv'), 'read', [join(folder, 'linked')])).toBe(file);
    expect(await allowedPath(`${allowed}/../allowed/./crm.csv`, 'read', ['/nowhere', allowed])).toBe(file);
    expect(await allowedPath(join(allowed, 'new.csv'), 'write', [allowed])).toBe(join(allowed, 'new.csv'));
    expect(await allowedPath(file, 'read', [])).toBe(file);
  });

  it.each([
    ['outside', 'read', () => join(folder, 'allowed-not', 'secret.csv')],
    ['outside by dots', 'read', () => `${allowed}/../allowed-not/secret.csv`],
    ['outside by a link', 'read', () => join(allowed, 'way-out', 'secret.csv')],
    ['outside by a link, to write', 'write', () => join(allowed, 'way-out', 'new.csv')],
    ['the system’s', 'read', () => '/etc/passwd'],
    ['one that does not exist', 'read', () => join(allowed, 'nothing.csv')],
    ['in a folder that does not exist', 'write', () => join(allowed, 'no', 'new.csv')],
    ['relative', 'read', () => 'crm.csv'],
    ['with a NUL', 'read', () => join(allowed, 'crm.csv\0.txt')],
  ] as readonly [string, 'read' | 'write', () => string][])(
    '%s is refused, in the same way',
    async (_name, use, path) => {
      await expect(allowedPath(path(), use, [allowed])).rejects.toMatchObject({
        code: 'file-not-allowed',
        status: 422,
        details: { remedy: expect.stringContaining(allowed) },
      });
    },
  );
});

describe('settings', () => {
  it('a stored value that no longer fits falls back to the default, and the others hold', async () => {
    const server = await startTestServer();
    try {
      const store = await server.store();
      expect(await readSettings(store)).toEqual(settingsDefault);
      await store.settings.put({ key: 'minimumListRows', value: 1, atMs: 0, by: 'x' });
      await store.settings.put({ key: 'fourEyes', value: true, atMs: 0, by: 'x' });
      await store.settings.put({ key: 'retired', value: true, atMs: 0, by: 'x' });
      expect(await readSettings(store)).toEqual({ ...settingsDefault, fourEyes: true });
    } finally {
      await server.close();
    }
  });
});
