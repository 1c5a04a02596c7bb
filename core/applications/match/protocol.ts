/** What a match asks of a protocol: whether it can run these terms, who learns what, what it rests on, and what crosses the wire. */
import type { KernelName } from '../../group/index.ts';
import type { MatchProtocol, Received, SideDisclosure } from '../../protocols/index.ts';
import type { Effort } from '../estimate.ts';
import type { Words } from '../words.ts';
import { psiEcdh } from './psi-ecdh.ts';
import { psiOprf } from './psi-oprf.ts';
import { psiVole } from './psi-vole.ts';
import type { MatchTerms } from './terms.ts';

type Side = 'proposer' | 'partner';

export interface ProtocolOfMatch {
  /** Why these terms cannot run by it, with what to write instead; undefined where they can. */
  refusal(terms: MatchTerms): string | undefined;
  disclosure(terms: MatchTerms, side: Side): SideDisclosure;
  /** What a side receives in one round, of lists that are as long as was published. */
  receivesAbout(terms: MatchTerms, side: Side): readonly Received[];
  /** What the statement to sign says of the protocol itself. */
  readonly assumptions: readonly Words[];
  /** Whether a kernel has what it computes with. */
  runsOn(kernel: KernelName): boolean;
  /** What a side has to compute in one round. */
  effort(terms: MatchTerms, side: Side, kernel: KernelName): Effort;
  /** Bytes on the wire in one round, both directions. */
  bytesAbout(terms: MatchTerms): number;
}

const protocols: Readonly<Partial<Record<MatchProtocol, ProtocolOfMatch>>> = {
  'psi/ecdh': psiEcdh,
  'psi/oprf': psiOprf,
  'psi/vole': psiVole,
};

/** @returns undefined for a protocol that this version does not run. */
export function protocolOf({ protocol }: MatchTerms): ProtocolOfMatch | undefined {
  return protocols[protocol];
}
