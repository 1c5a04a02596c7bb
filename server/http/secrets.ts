import { createHash } from 'node:crypto';

/** A secret as it is stored: SHA-256, which suffices for 32 random bytes. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** 32 random bytes as text. The prefix lets a scanner of repositories and logs know a leaked one. */
export function newSecret(random: (length: number) => Uint8Array, prefix: string): string {
  return prefix + Buffer.from(random(32)).toString('base64url');
}

export const tokenPrefix = 'cwy_';
export const sessionPrefix = 'cws_';

export function looksLike(prefix: string, secret: string): boolean {
  return secret.length === prefix.length + 43 && secret.startsWith(prefix) && /^[A-Za-z0-9_-]+$/.test(secret);
}
