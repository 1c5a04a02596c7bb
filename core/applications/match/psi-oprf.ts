/** psi/oprf as a protocol of a match: a small list against a large one, whose table is made and shipped once. */
import { elementBytes } from '../../group/index.ts';
import type { SideDisclosure } from '../../protocols/index.ts';
import {
  discloseClient,
  discloseServer,
  evaluationsOfEpoch,
  shapeFor,
  type TableShape,
  tableBytesPerRow,
} from '../../protocols/psi-oprf/index.ts';
import { blindingPoints, rowSeconds } from '../estimate.ts';
import type { ProtocolOfMatch } from './protocol.ts';
import type { MatchList, MatchTerms } from './terms.ts';

/** Sorting, coding and keeping a row of the table; checking and keeping one that was shipped. */
const codedSeconds = 0.8e-6;
const shippedSeconds = 0.3e-6;
/** What a proof costs a row, for each sum, in multiplications of a point. */
const sumPoints = 0.5;

/** The side that learns asks; the other one holds the table. */
export function oprfLists({ proposer, partner }: MatchTerms): {
  readonly client: MatchList;
  readonly server: MatchList;
} {
  return proposer.learns === 'rows' ? { client: proposer, server: partner } : { client: partner, server: proposer };
}

export const psiOprf: ProtocolOfMatch = {
  refusal(terms) {
    const learning = [terms.proposer.learns, terms.partner.learns].sort().join();
    if (learning === 'nothing,rows') return undefined;
    return 'psi/oprf lets exactly one side learn which of its rows match: choose receiver me or them, or run psi/ecdh';
  },

  disclosure,

  receivesAbout: (terms, side) => disclosure(terms, side).receives,

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

  runsOn: () => true,

  /** Of a first run, in which the table is made and shipped. */
  effort(terms, side) {
    const { client, server } = oprfLists(terms);
    const [asked, listed] = [client.rowsAbout, server.rowsAbout];
    return terms[side].learns === 'rows'
      ? {
          points: (blindingPoints + 1 + 2 * sumPoints) * asked,
          coreSeconds: rowSeconds * asked + shippedSeconds * listed,
        }
      : {
          points: blindingPoints * listed + (1 + sumPoints) * asked,
          coreSeconds: (rowSeconds + codedSeconds) * listed,
        };
  },

  bytesAbout(terms) {
    const { client, server } = oprfLists(terms);
    const table = tableBytesPerRow(shapeOf(terms), server.rowsAbout) * server.rowsAbout;
    return Math.ceil(table) + 2 * elementBytes * client.rowsAbout;
  },
};

function disclosure(terms: MatchTerms, side: 'proposer' | 'partner'): SideDisclosure {
  return terms[side].learns === 'rows'
    ? discloseClient(shapeOf(terms), oprfLists(terms).server.rowsAbout)
    : discloseServer();
}

function shapeOf(terms: MatchTerms): TableShape {
  const { client, server } = oprfLists(terms);
  return shapeFor({ rows: server.rowsAbout, evaluations: evaluationsOfEpoch(client.rowsMax) });
}
