import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { check, type Settings, settings, settingsDefault } from '@causeway/core/api';
import type { Store } from '../store/index.ts';
import { ApiProblem } from './api-problem.ts';

/** The node's rules as they are now: what was set, and the defaults for the rest. A stored value that no longer fits is not used. */
export async function readSettings(store: Store): Promise<Settings> {
  const stored = await store.settings.all();
  const merged: Record<string, unknown> = { ...settingsDefault };
  for (const [name, schema] of Object.entries(settings.shape)) {
    const value = check(schema, stored.get(name));
    if (value.ok) merged[name] = value.value;
  }
  return merged as Settings;
}

/**
 * Resolves a path of the node's machine, links followed, and holds it to the folders that are allowed.
 * @param use `write`: the file need not exist, its folder must.
 * @throws {ApiProblem} `file-not-allowed`, also for one that does not exist: what lies outside of the folders is nobody's business.
 */
export async function allowedPath(path: string, use: 'read' | 'write', folders: readonly string[]): Promise<string> {
  const refused = new ApiProblem({
    code: 'file-not-allowed',
    status: 422,
    title: 'This file may not be used',
    detail: `${path} does not exist, or is outside of the folders that this node may use`,
    remedy: folders.length === 0 ? 'give the absolute path of a file' : `use a file in ${folders.join(' or ')}`,
    pointer: use === 'read' ? '/path' : '/to',
  });
  if (!isAbsolute(path) || path.includes('\0')) throw refused;
  const real = await (use === 'read'
    ? realpath(path)
    : realpath(dirname(path)).then((folder) => join(folder, basename(path)))
  ).catch(() => {
    throw refused;
  });
  if (folders.length === 0) return real;
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => undefined);
    if (root !== undefined && real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
  }
  throw refused;
}
