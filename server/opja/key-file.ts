/** A file of X25519 key pairs of one party to OPJA, the newest first: readable by its owner alone. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { base64ToBytes, bytesToBase64 } from '@causeway/core/bytes';
import { generateKemKeyPair, type KemKeyPair, kemKeyBytes } from '@causeway/core/crypto';
import { domainName, encodeKey, keysPublishedMax } from '@causeway/core/protocols/opja';
import type { RandomSource } from '@causeway/core/random';
import { z } from 'zod';
import { writeWhole } from '../home/index.ts';
import { KeyError } from './key-directory.ts';

const keyFile = z.strictObject({
  format: z.literal('causeway/opja-keys/v1'),
  domain: z.string().regex(domainName).exactOptional(),
  keys: z
    .array(
      z.strictObject({
        /** 32 bytes, Base64. */
        secretKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
        madeAt: z.iso.datetime(),
      }),
    )
    .max(keysPublishedMax),
});

export interface KeyFile {
  /** Under which the keys are published, where the file says so. */
  readonly domain?: string;
  /** Pairs, and when they were made. */
  readonly keys: readonly { readonly pair: KemKeyPair; readonly madeAt: string }[];
}

/** @returns no keys where there is no file. @throws {KeyError} `bad-key-file`. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { keys: [] };
    throw error;
  }
  try {
    const { keys, domain } = keyFile.parse(JSON.parse(text));
    const pairs = keys.map(({ secretKey, madeAt }) => ({ pair: pairOf(base64ToBytes(secretKey)), madeAt }));
    return { keys: pairs, ...(domain === undefined ? {} : { domain }) };
  } catch (cause) {
    throw new KeyError(
      'bad-key-file',
      `${path} is not a file of OPJA keys: restore it, or make new keys and publish them`,
      {
        cause,
      },
    );
  }
}

/** Adds a new pair before the others; the oldest leaves where there are more than DNS may hold. */
export function newKey(
  { keys, ...file }: KeyFile,
  of: { readonly random: RandomSource; readonly nowMs: number },
): KeyFile {
  const made = { pair: generateKemKeyPair(of.random), madeAt: new Date(of.nowMs).toISOString() };
  return { ...file, keys: [made, ...keys].slice(0, keysPublishedMax) };
}

export async function writeKeyFile(path: string, { keys, ...file }: KeyFile): Promise<void> {
  const stored = keys.map(({ pair, madeAt }) => ({ secretKey: bytesToBase64(pair.secretKey), madeAt }));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, `${JSON.stringify({ format: 'causeway/opja-keys/v1', ...file, keys: stored }, null, 2)}\n`);
}

/** The pair whose public key is named, as Base64url; undefined where the file has none. */
export function keyOf({ keys }: KeyFile, publicKey: string): KemKeyPair | undefined {
  return keys.find(({ pair }) => encodeKey(pair.publicKey) === publicKey)?.pair;
}

function pairOf(secretKey: Uint8Array): KemKeyPair {
  if (secretKey.length !== kemKeyBytes) throw new RangeError('a secret key has 32 bytes');
  return generateKemKeyPair({ bytes: () => secretKey });
}
