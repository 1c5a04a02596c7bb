/**
 * A match transaction as its advertiser hands it to whoever opens the labels (OPJA guide §2-a), and the label key (HPKE in mode auth, RFC 9180; DHKEM(X25519,
 * HKDF-SHA256), HKDF-SHA256, AES-128-GCM).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { bytesToHex, hexToBytes, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { type Aead, HpkeError, type KemKeyPair, setupRecipient, setupSender } from '../../crypto/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import { decodeKey, domainName, encodeKey } from './records.ts';

const publicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const campaign = z.object({
  /** The domain of whoever matched, under which its keys are published. */
  matchingsystemname: z.string().regex(domainName),
  matchid: z.string().regex(/^[A-Za-z0-9]{1,16}$/),
  /** HPKE's encapsulated key. */
  ekey: z.string().regex(/^[0-9a-f]{64}$/),
  /** The matching system's public key, and the receiver's (a DSP's). */
  mspk: publicKey,
  dsppk: publicKey,
  /** Not of the standard: from then on no label is opened. */
  expires: z.iso.datetime({ precision: 0 }).exactOptional(),
});

export type Campaign = z.infer<typeof campaign>;

const labelKeyBytes = 16;

/** The id of a run's match transaction, which both sides compute: 16 letters and digits, of 64 bits. */
export function matchIdOf(of: { readonly job: string; readonly agreement: string }): string {
  const bound = lengthPrefixed(utf8ToBytes('causeway/v1/opja/match'), utf8ToBytes(of.agreement), utf8ToBytes(of.job));
  return bytesToHex(sha256(bound)).slice(0, 16);
}

/**
 * Draws a label key for one match.
 * @param aead AES-128-GCM. @throws {ProtocolError} `wrong-key` for a receiver's key that gives no secret.
 */
export function sealCampaign(
  of: {
    readonly aead: Aead;
    readonly system: string;
    readonly matchId: string;
    readonly sender: KemKeyPair;
    readonly receiver: Uint8Array;
    readonly expires: string;
  },
  random: RandomSource,
): { readonly campaign: Campaign; readonly key: Uint8Array } {
  const { aead, system, matchId, sender, receiver, expires } = of;
  const info = utf8ToBytes(system);
  const { enc, context } = withKeys('the receiver’s', () =>
    setupSender({ aead, info, recipient: receiver, sender }, random),
  );
  return {
    key: context.export(info, labelKeyBytes),
    campaign: {
      matchingsystemname: system,
      matchid: matchId,
      ekey: bytesToHex(enc),
      mspk: encodeKey(sender.publicKey),
      dsppk: encodeKey(receiver),
      expires,
    },
  };
}

/** The label key at its receiver. @throws {ProtocolError} `wrong-key` for another key pair than the campaign names, and for keys that give no secret. */
export function openCampaign(of: Campaign, receiver: KemKeyPair, aead: Aead): Uint8Array {
  if (of.dsppk !== encodeKey(receiver.publicKey))
    throw new ProtocolError('wrong-key', 'the campaign was made for another key than this one');
  const info = utf8ToBytes(of.matchingsystemname);
  const sender = decodeKey(of.mspk);
  const from = { aead, info, enc: hexToBytes(of.ekey), recipient: receiver, sender };
  return withKeys('the campaign’s', () => setupRecipient(from)).export(info, labelKeyBytes);
}

function withKeys<T>(whose: string, setup: () => T): T {
  try {
    return setup();
  } catch (error) {
    if (error instanceof HpkeError) throw new ProtocolError('wrong-key', `${whose} public key gives no secret`);
    throw error;
  }
}
