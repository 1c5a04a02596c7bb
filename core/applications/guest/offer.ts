/** What a host's node tells whoever opens its invite, and what the guest's page answers before it is shown the terms. */
import { z } from 'zod';
import { bytesToHex, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { guestReceivers, guestTerms } from './terms.ts';

const { network, purpose, host, round, limits } = guestTerms.shape;

/** What the person who made the invite has fixed. */
export const guestOffer = z.strictObject({
  network,
  /** The host's own name for itself, and its id. */
  host: z.strictObject({ organisation: host.shape.organisation, name: z.string().max(200) }),
  /** What the host calls this guest. */
  label: z.string().max(100),
  purpose,
  receiver: z.enum(guestReceivers),
  /** The host's column and its profile: a list needs an identifier that can be brought to the same form. */
  column: round.shape.host,
  rowsAbout: host.shape.rowsAbout,
  limits: limits.omit({ usesMax: true }).extend({
    /** Distinct identifiers that the guest may bring. */
    rowsMax: host.shape.rowsMax,
    usesLeft: z.int().min(0),
  }),
});
export type GuestOffer = z.infer<typeof guestOffer>;

/** What the page says of a list before anybody agrees: its kind of identifier, about how long it is, how densely numbers lie. */
export interface GuestList {
  /** Ed25519, Base64: of this run alone. */
  readonly key: string;
  readonly profile: string;
  /** Of telephone numbers, as in the terms. */
  readonly density?: number | 'not-measurable' | undefined;
  readonly rowsAbout: number;
}

/** Letters of an invite's secret: 32 random bytes in Base64url. */
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** The part of a guest's link behind `#`, which no browser sends to anybody. */
export function guestFragment(secret: string): string {
  return `v1.${secret}`;
}

/** @returns the secret of a link's fragment, or undefined where there is none. */
export function secretOfFragment(fragment: string): string | undefined {
  const [version, secret] = fragment.replace(/^#/, '').split('.');
  return version === 'v1' && secret !== undefined && secretPattern.test(secret) ? secret : undefined;
}

/** Under which a node keeps a secret that it gave out, in hexadecimal: it does not keep the secret. */
export function secretDigest(secret: string): string {
  return bytesToHex(sha256(utf8ToBytes(`causeway/v1/guest-secret\n${secret}`)));
}
