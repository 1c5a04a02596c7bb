/** psi/ecdh as a protocol of a match: the one that runs where the terms name no other. */
import { elementBytes } from '../../group/index.ts';
import * as ecdh from '../../protocols/psi-ecdh/index.ts';
import { blindingPoints, type Effort, rowSeconds } from '../estimate.ts';
import type { ProtocolOfMatch } from './protocol.ts';
import type { MatchTerms } from './terms.ts';

const sizes = (terms: MatchTerms, size: 'rowsAbout' | 'rowsMax', side: 'proposer' | 'partner' = 'proposer') => {
  const other = side === 'proposer' ? terms.partner : terms.proposer;
  return { own: terms[side][size], peer: other[size] };
};

/** Keeping and joining what comes of a partner's row. */
const evaluatedSeconds = 0.9e-6;

/** What a side computes whose list has so many rows, against one of so many: each point of both lists is multiplied once. */
export function ecdhEffort({ own, peer }: { readonly own: number; readonly peer: number }): Effort {
  return { points: blindingPoints * own + peer, coreSeconds: rowSeconds * own + evaluatedSeconds * peer };
}

export const psiEcdh: ProtocolOfMatch = {
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
  effort: (terms, side) => ecdhEffort(sizes(terms, 'rowsAbout', side)),
  bytesAbout(terms) {
    const width = ecdh.tagBytes(sizes(terms, 'rowsAbout'));
    const tags = [terms.proposer, terms.partner].reduce(
      (sum, { learns, rowsAbout }) => sum + (learns === 'nothing' ? 0 : rowsAbout),
      0,
    );
    return elementBytes * (terms.proposer.rowsAbout + terms.partner.rowsAbout) + width * tags;
  },
};
