/** An organisation's identity: the Ed25519 key that signs its entries, agreements and outcomes. It never leaves its home folder. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ed25519KeyPair, ed25519SeedBytes, keyPairFromSeed } from '@causeway/core/crypto';
import { makeCertificate, type NodeCertificate } from './certificate.ts';

export interface NodeKeys {
  readonly identity: Ed25519KeyPair;
  readonly certificate: NodeCertificate;
  /** Binds what is only ever compared inside this node: the lists that the difference guard remembers, the salts of digests. 32 bytes. */
  readonly localSecret: Uint8Array;
}

const certificateDays = 398;

/** Makes the keys of a new node, readable by their owner alone. @throws when there are keys already. */
export async function createKeys(folder: string, options: { organisation: string; nowMs: number }): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const certificate = await makeCertificate({ ...options, validDays: certificateDays });
  const exclusive = { mode: 0o600, flag: 'wx' } as const;
  await writeFile(join(folder, 'identity.seed'), randomBytes(ed25519SeedBytes), exclusive);
  await writeFile(join(folder, 'local.secret'), randomBytes(32), exclusive);
  await writeFile(join(folder, 'tls.json'), JSON.stringify(certificate), exclusive);
}

/** Reads the keys. @throws when one is missing or damaged; the message names the file. */
export async function readKeys(folder: string): Promise<NodeKeys> {
  const [seed, localSecret, tls] = await Promise.all(
    ['identity.seed', 'local.secret', 'tls.json'].map((name) => readFile(join(folder, name))),
  );
  if (seed!.length !== ed25519SeedBytes || localSecret!.length !== 32) {
    throw new Error(`${folder}: a key file is damaged; restore the folder from a backup`);
  }
  return {
    identity: keyPairFromSeed(new Uint8Array(seed!)),
    certificate: JSON.parse(tls!.toString()) as NodeCertificate,
    localSecret: new Uint8Array(localSecret!),
  };
}
