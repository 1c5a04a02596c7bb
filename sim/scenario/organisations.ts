import { bytesToBase64, bytesToHex } from '@causeway/core/bytes';
import { type Ed25519KeyPair, keyPairFromSeed } from '@causeway/core/crypto';
import type { LogIdentity, Member } from '@causeway/core/ledger';

/** The network of every run: two parties of one agreement, and an office that is none of them. Any of the three may be the operator. */
export const organisations = ['office', 'brand', 'media'] as const;
export type Organisation = (typeof organisations)[number];
export const parties = ['brand', 'media'] as const;
export type Party = (typeof parties)[number];
export const network = 'sim-net';

export const keyPairs: Readonly<Record<Organisation, Ed25519KeyPair>> = {
  office: keyPairFromSeed(new Uint8Array(32).fill(1)),
  brand: keyPairFromSeed(new Uint8Array(32).fill(2)),
  media: keyPairFromSeed(new Uint8Array(32).fill(3)),
};

export function logOf(operator: Organisation): LogIdentity {
  return { network, operator, operatorKey: keyPairs[operator].publicKey };
}

export function memberOf(organisation: Organisation): Member {
  return {
    organisation,
    name: organisation,
    identityKey: bytesToBase64(keyPairs[organisation].publicKey),
    tlsFingerprint: bytesToHex(new Uint8Array(32).fill(organisations.indexOf(organisation) + 1)),
  };
}

export function partnerOf(party: Party): Party {
  return party === 'brand' ? 'media' : 'brand';
}
