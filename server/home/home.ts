/** A node's home folder: who it is, where it listens, and its keys. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { createKeys, type NodeKeys, readKeys } from '../keys/index.ts';
import { NodeError } from './node-error.ts';

const address = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+):\d{1,5}$/, 'expected host:port');

const config = z.looseObject({
  version: z.literal(1),
  organisation: z.string().regex(/^[a-z0-9-]{1,63}$/),
  name: z.string().min(1).max(200),
  /** Where the local API answers; loopback unless somebody means otherwise. */
  api: address,
  /** Where partners' nodes may dial in; absent for a node that dials only. */
  listen: address.exactOptional(),
  /** What partners dial, where it is not `listen` (behind a proxy or NAT). */
  endpoint: address.exactOptional(),
  /** Whether partners on loopback and private addresses are dialled: on one machine, or inside one company. */
  allowPrivateAddresses: z.boolean().default(false),
});

export type HomeConfig = z.infer<typeof config>;

export interface Home {
  readonly folder: string;
  readonly config: HomeConfig;
  readonly keys: NodeKeys;
}

export interface InitOptions {
  readonly home: string;
  /** The organisation's name as people write it. */
  readonly org: string;
  /** Its short name in the network; made of the name where it is left out. */
  readonly organisation?: string;
  readonly api?: string;
  readonly listen?: string;
  readonly endpoint?: string;
  /** Left out: yes for a node that itself listens on such an address. */
  readonly allowPrivateAddresses?: boolean;
  readonly nowMs: number;
}

/** Makes a home: keys, certificate, configuration. @throws {NodeError} `home-exists`, `bad-name`. */
export async function initHome(options: InitOptions): Promise<Home> {
  const folder = resolve(options.home);
  const made = config.safeParse({
    version: 1,
    organisation: options.organisation ?? shortName(options.org),
    name: options.org,
    api: options.api ?? '127.0.0.1:7400',
    ...(options.listen ? { listen: options.listen } : {}),
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    allowPrivateAddresses: options.allowPrivateAddresses ?? isPrivate(options.listen ?? ''),
  });
  if (!made.success) {
    const issue = made.error.issues[0]!;
    throw new NodeError('bad-name', `${issue.path.join('.')}: ${issue.message}`, {
      remedy: 'give the organisation a name, and addresses as host:port',
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(join(folder, 'config.json'), `${JSON.stringify(made.data, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new NodeError('home-exists', `${folder} is the home of a node already`, {
      remedy: 'choose another folder with --home, or start the node that is there with `causeway up`',
    });
  }
  await createKeys(join(folder, 'keys'), { organisation: made.data.organisation, nowMs: options.nowMs });
  return openHome(folder);
}

/** @throws {NodeError} `no-home`, `broken-home`. */
export async function openHome(path: string): Promise<Home> {
  const folder = resolve(path);
  let text: string;
  try {
    text = await readFile(join(folder, 'config.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NodeError('no-home', `there is no node in ${folder}`, {
      remedy: 'make one with `causeway init --org NAME`',
    });
  }
  try {
    return { folder, config: config.parse(JSON.parse(text)), keys: await readKeys(join(folder, 'keys')) };
  } catch (cause) {
    throw new NodeError('broken-home', `the configuration or the keys in ${folder} cannot be read`, {
      remedy: 'restore the folder from a backup',
      cause,
    });
  }
}

/** Letters and digits of the name, lower-case; a name without Latin letters gets a random one, which `organisation` may replace. */
function shortName(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return slug || `org-${randomBytes(4).toString('hex')}`;
}

/** Loopback and the private ranges of RFC 1918 and RFC 4193, as an address that a person wrote. */
function isPrivate(address: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|\[::1\]|\[f[cd])/i.test(address);
}
