/** What a match asks of a protocol: whether it can run these terms, who learns what, what it rests on, and what crosses the wire. */
import { elementBytes } from '../../group/index.ts';
import type { MatchProtocol, SideDisclosure } from '../../protocols/index.ts';
import * as ecdh from '../../protocols/psi-ecdh/index.ts';
import * as oprf from '../../protocols/psi-oprf/index.ts';
import type { Words } from '../words.ts';
import type { MatchTerms } from './terms.ts';

type Side = 'proposer' | 'partner';

export interface ProtocolOfMatch {
  /** Why these terms cannot run by it, with what to write instead; undefined where they can. */
  refusal(terms: MatchTerms): string | undefined;
  disclosure(terms: MatchTerms, side: Side): SideDisclosure;
  /** What the statement to sign says of the protocol itself. */
  readonly assumptions: readonly Words[];
  /** Bytes on the wire in one round, both directions. */
  bytesAbout(terms: MatchTerms): number;
}

const sizes = (terms: MatchTerms, size: 'rowsAbout' | 'rowsMax', side: Side = 'proposer') => {
  const other = side === 'proposer' ? terms.partner : terms.proposer;
  return { own: terms[side][size], peer: other[size] };
};

const psiEcdh: ProtocolOfMatch = {
  refusal: () => undefined,
  disclosure: (terms, side) => ecdh.discloseSide(terms[side].learns, ecdh.tagBytes(sizes(terms, 'rowsMax', side))),
  assumptions: [
    {
      en: 'Blinded identifiers cross the wire; each run uses fresh secret keys, so two runs cannot be compared.',
      zh: '网络上只传输盲化后的标识；每次运行使用新的密钥，两次运行无法相互比对。',
    },
  ],
  bytesAbout(terms) {
    const width = ecdh.tagBytes(sizes(terms, 'rowsAbout'));
    const tags = [terms.proposer, terms.partner].reduce(
      (sum, { learns, rowsAbout }) => sum + (learns === 'nothing' ? 0 : rowsAbout),
      0,
    );
    return elementBytes * (terms.proposer.rowsAbout + terms.partner.rowsAbout) + width * tags;
  },
};

/** The side that learns asks; the other one holds the table. */
export const oprfLists = ({ proposer, partner }: MatchTerms) =>
  proposer.learns === 'rows' ? { client: proposer, server: partner } : { client: partner, server: proposer };

const oprfShape = (terms: MatchTerms) => {
  const { client, server } = oprfLists(terms);
  return oprf.shapeFor({ rows: server.rowsAbout, evaluations: oprf.evaluationsOfEpoch(client.rowsMax) });
};

const psiOprf: ProtocolOfMatch = {
  refusal(terms) {
    const learning = [terms.proposer.learns, terms.partner.learns].sort().join();
    if (learning === 'nothing,rows') return undefined;
    return 'psi/oprf lets exactly one side learn which of its rows match: choose receiver me or them, or run psi/ecdh';
  },
  disclosure: (terms, side) =>
    terms[side].learns === 'rows'
      ? oprf.discloseClient(oprfShape(terms), oprfLists(terms).server.rowsAbout)
      : oprf.discloseServer(),
  assumptions: [
    {
      en: 'The side that does not learn tags its list under a secret key and ships the tags once; without the key a tag says nothing. Each identifier that the other side tries costs an evaluation, which is counted and limited for each day and each key.',
      zh: '不获知结果的一方用密钥为名单生成标签并一次性发送；没有密钥，标签不透露任何信息。另一方每试一个标识都需一次求值，求值次数按日、按密钥计数并设上限。',
    },
    {
      en: 'Proofs show that one published key was used for all answers; each run uses a fresh blinding, so two runs cannot be compared by the side that answers.',
      zh: '证明可验证所有应答均使用同一公布的密钥；每次运行使用新的盲化，应答方无法比对两次运行。',
    },
  ],
  bytesAbout(terms) {
    const { client, server } = oprfLists(terms);
    const table = oprf.tableBytesPerRow(oprfShape(terms), server.rowsAbout) * server.rowsAbout;
    return Math.ceil(table) + 2 * elementBytes * client.rowsAbout;
  },
};

const protocols: Readonly<Partial<Record<MatchProtocol, ProtocolOfMatch>>> = {
  'psi/ecdh': psiEcdh,
  'psi/oprf': psiOprf,
};

/** @returns undefined for a protocol that this version does not run. */
export function protocolOf({ protocol }: MatchTerms): ProtocolOfMatch | undefined {
  return protocols[protocol];
}
