/** What a match asks of a protocol: whether it can run these terms, who learns what, what it rests on, and what crosses the wire. */
import { elementBytes, type KernelName } from '../../group/index.ts';
import type { MatchProtocol, Received, SideDisclosure } from '../../protocols/index.ts';
import * as ecdh from '../../protocols/psi-ecdh/index.ts';
import type { Words } from '../words.ts';
import { rowSeconds } from './effort.ts';
import { psiOprf } from './psi-oprf.ts';
import { psiVole } from './psi-vole.ts';
import type { MatchTerms } from './terms.ts';

type Side = 'proposer' | 'partner';

/** What a side has to compute in one round. */
export interface Effort {
  /** Points to decode, multiply and encode, or what costs as much. */
  readonly points: number;
  /** Everything else, in seconds of one core. */
  readonly coreSeconds: number;
}

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
  effort(terms: MatchTerms, side: Side, kernel: KernelName): Effort;
  /** Bytes on the wire in one round, both directions. */
  bytesAbout(terms: MatchTerms): number;
}

const sizes = (terms: MatchTerms, size: 'rowsAbout' | 'rowsMax', side: Side = 'proposer') => {
  const other = side === 'proposer' ? terms.partner : terms.proposer;
  return { own: terms[side][size], peer: other[size] };
};

/** Keeping and joining what comes of a partner's row. */
const evaluatedSeconds = 0.9e-6;
/** Hashing to the group and multiplying, in multiplications of a point that is there. */
const blindingPoints = 1.25;

const psiEcdh: ProtocolOfMatch = {
  refusal: () => undefined,
  disclosure: (terms, side) => ecdh.discloseSide(terms[side].learns, ecdh.tagBytes(sizes(terms, 'rowsMax', side))),
  receivesAbout: (terms, side) =>
    ecdh.discloseSide(terms[side].learns, ecdh.tagBytes(sizes(terms, 'rowsAbout', side))).receives,
  assumptions: [
    {
      en: 'Blinded identifiers cross the wire; each run uses fresh secret keys, so two runs cannot be compared.',
      zh: '网络上只传输盲化后的标识；每次运行使用新的密钥，两次运行无法相互比对。',
    },
  ],
  runsOn: () => true,
  effort(terms, side) {
    const { own, peer } = sizes(terms, 'rowsAbout', side);
    return { points: blindingPoints * own + peer, coreSeconds: rowSeconds * own + evaluatedSeconds * peer };
  },
  bytesAbout(terms) {
    const width = ecdh.tagBytes(sizes(terms, 'rowsAbout'));
    const tags = [terms.proposer, terms.partner].reduce(
      (sum, { learns, rowsAbout }) => sum + (learns === 'nothing' ? 0 : rowsAbout),
      0,
    );
    return elementBytes * (terms.proposer.rowsAbout + terms.partner.rowsAbout) + width * tags;
  },
};

const protocols: Readonly<Partial<Record<MatchProtocol, ProtocolOfMatch>>> = {
  'psi/ecdh': psiEcdh,
  'psi/oprf': psiOprf,
  'psi/vole': psiVole,
};

/** @returns undefined for a protocol that this version does not run. */
export function protocolOf({ protocol }: MatchTerms): ProtocolOfMatch | undefined {
  return protocols[protocol];
}
