/**
 * An invite: one line that lets its holder reach a node, know it by its certificate, and prove once that it was invited. The line is a
 * secret: whoever has it first can use it.
 *
 * `causeway:` and base64url, without padding, of: version (1 byte) ‖ certificate fingerprint (32) ‖ secret (16) ‖ address length (1) ‖
 * address ‖ network length (1) ‖ network ‖ check (4: the first bytes of SHA-256 over all before, so that a damaged line is named).
 */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  ByteReader,
  ByteWriter,
  bytesToHex,
  bytesToUtf8,
  DecodeError,
  hexToBytes,
  lengthPrefixed,
  utf8ToBytes,
} from '@causeway/core/bytes';
import { parseEndpoint } from './address.ts';
import { LinkError } from './error.ts';

export interface Invite {
  /** `host:port` of the node that made the invite. */
  readonly address: string;
  /** Of its certificate: SHA-256 (DER), lower-case hexadecimal. */
  readonly tlsFingerprint: string;
  /** 16 random bytes, for one use. */
  readonly secret: Uint8Array;
  /** The network that the invite leads to; absent for a direct match. */
  readonly network?: string;
}

export const INVITE_SECRET_BYTES = 16;

const PREFIX = 'causeway:';
const VERSION = 1;
const LINE_LENGTH_MAX = 800;

export function encodeInvite(invite: Invite): string {
  const { address, tlsFingerprint, secret, network } = invite;
  parseEndpoint(address);
  if (secret.length !== INVITE_SECRET_BYTES) {
    throw new RangeError(`expected a secret of ${INVITE_SECRET_BYTES} bytes, got ${secret.length}`);
  }
  const body = new ByteWriter().u8(VERSION).raw(fingerprintBytes(tlsFingerprint)).raw(secret);
  for (const text of [address, network ?? '']) {
    const bytes = utf8ToBytes(text);
    if (bytes.length > 255) throw new RangeError(`expected at most 255 bytes of text, got ${bytes.length}`);
    body.u8(bytes.length).raw(bytes);
  }
  const bytes = body.finish();
  return PREFIX + Buffer.concat([bytes, checkOf(bytes)]).toString('base64url');
}

/**
 * Reads an invite; spaces around it are ignored, since it was pasted.
 * @throws {LinkError} `invite`; the message does not repeat the line.
 */
export function decodeInvite(line: string): Invite {
  const text = line.trim();
  if (!text.startsWith(PREFIX)) throw malformed('it does not start with causeway:');
  if (text.length > LINE_LENGTH_MAX) throw malformed('it is too long');
  const encoded = text.slice(PREFIX.length);
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64url'));
  if (Buffer.from(bytes).toString('base64url') !== encoded) throw malformed('a character is wrong or missing');
  const body = bytes.subarray(0, -4);
  if (bytes.length < 4 || Buffer.compare(checkOf(body), bytes.subarray(-4)) !== 0)
    throw malformed('a part is missing or changed');
  try {
    return readBody(body);
  } catch (cause) {
    if (cause instanceof DecodeError || cause instanceof RangeError) throw malformed('its content is wrong', cause);
    throw cause;
  }
}

export interface InviteProof {
  readonly secret: Uint8Array;
  /** Fingerprint of the certificate of the node that made the invite. */
  readonly inviter: string;
  /** Fingerprint of the certificate that the invited side shows. */
  readonly invited: string;
  /** What is asked for. */
  readonly body: Uint8Array;
}

/**
 * Proves the secret without showing it: HMAC-SHA-256 over both certificates, whose keys TLS has proved, and the request. Another
 * certificate or another request needs another proof.
 * @returns 32 bytes.
 */
export function proveInvite({ secret, inviter, invited, body }: InviteProof): Uint8Array {
  const covered = lengthPrefixed(
    utf8ToBytes('causeway link join v1'),
    fingerprintBytes(inviter),
    fingerprintBytes(invited),
    body,
  );
  return createHmac('sha256', secret).update(covered).digest();
}

/** Whether `proof` is the one for this secret; takes the same time for every wrong one. */
export function isInviteProven(claim: InviteProof, proof: Uint8Array): boolean {
  const expected = proveInvite(claim);
  return proof.length === expected.length && timingSafeEqual(proof, expected);
}

function readBody(body: Uint8Array): Invite {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if (version !== VERSION) {
    throw new LinkError(
      'invite',
      `the invite has version ${version}, this program reads ${VERSION}: use the partner's release`,
    );
  }
  const tlsFingerprint = bytesToHex(reader.raw(32));
  const secret = reader.raw(INVITE_SECRET_BYTES).slice();
  const address = bytesToUtf8(reader.raw(reader.u8()));
  const network = bytesToUtf8(reader.raw(reader.u8()));
  reader.end();
  try {
    parseEndpoint(address);
  } catch (cause) {
    throw malformed('its address is wrong', cause);
  }
  return { address, tlsFingerprint, secret, ...(network !== '' && { network }) };
}

function fingerprintBytes(fingerprint: string): Uint8Array {
  const bytes = hexToBytes(fingerprint);
  if (bytes.length !== 32) throw new RangeError(`expected a fingerprint of 32 bytes, got ${bytes.length}`);
  return bytes;
}

function checkOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, 4);
}

function malformed(what: string, cause?: unknown): LinkError {
  return new LinkError('invite', `this is not an invite, ${what}: copy the whole line again`, { cause });
}
