/** What every match protocol says of its two sides, whatever they compute. */
import { lengthPrefixed, utf8ToBytes } from '../bytes/index.ts';

/** Which protocol a match runs, as its terms name it. */
export const matchProtocols = ['psi/ecdh', 'psi/vole', 'psi/oprf'] as const;
export type MatchProtocol = (typeof matchProtocols)[number];

/** Who speaks: the side that proposed the agreement, or its partner. A message with our own side was sent back to us. */
export type Side = 'proposer' | 'partner';

/** What a side gets out of the run. */
export type Learns = 'rows' | 'count' | 'nothing';

/** What makes one run of a protocol different from every other one. */
export interface RunBinding {
  readonly network: string;
  /** Hex digest of the agreement's terms. */
  readonly agreement: string;
  readonly job: string;
  /** The common form of the identifiers, e.g. `phone/sha256`; one run for each. */
  readonly profile: string;
}

/** @returns a run's binding as bytes; two bindings that differ give different ones. */
export function bindingBytes({ network, agreement, job, profile }: RunBinding): Uint8Array {
  return lengthPrefixed(utf8ToBytes(network), utf8ToBytes(agreement), utf8ToBytes(job), utf8ToBytes(profile));
}
