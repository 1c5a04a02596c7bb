/**
 * Who will learn what, in words: generated from the terms alone, so both sides read the same text, and nobody can agree to other terms than
 * were shown. What the protocol really sends is held to it by a test.
 */
import type { Learned, Side } from '../../protocols/index.ts';
import { type Disclosure, withDigest } from '../disclosure.ts';
import { type Flow, flowsOf } from '../flow.ts';
import { grouped, type Words } from '../words.ts';
import { discloseDensities } from './density.ts';
import { type ProtocolOfMatch, protocolOf } from './protocol.ts';
import { type MatchList, type MatchTerms, otherSide } from './terms.ts';

/** Makes the statement of an agreement's terms. @throws {RangeError} for a protocol that this version does not run. */
export function disclose(terms: MatchTerms): Disclosure {
  const protocol = protocolOf(terms);
  if (!protocol) throw new RangeError(`${terms.protocol} cannot be run by this version`);
  const party = (side: Side) => {
    const [own, other] = [terms[side], terms[otherSide(side)]];
    return {
      organisation: own.organisation,
      learns: [
        ...protocol.disclosure(terms, side).learns.map((learned) => sentence(learned, own, other, terms)),
        ...discloseDensities(terms, otherSide(side)),
        ...(own.learns === 'rows' && terms.rounds.length > 1 ? [byKey(terms)] : []),
      ],
    };
  };
  return withDigest({
    parties: [party('proposer'), party('partner')],
    flows: [...received(terms, protocol, 'partner'), ...received(terms, protocol, 'proposer')],
    assumptions: assumptions(terms, protocol),
    words: summary(terms),
  });
}

/** What a side receives, at the published sizes. */
function received(terms: MatchTerms, protocol: ProtocolOfMatch, side: Side): readonly Flow[] {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  return flowsOf({
    from: other.organisation,
    to: own.organisation,
    receives: protocol.receivesAbout(terms, side),
    rows: { own: own.rowsAbout, partner: other.rowsAbout },
    rounds: terms.rounds.length,
  });
}

function sentence(learned: Learned, own: MatchList, other: MatchList, terms: MatchTerms) {
  const rounds = terms.rounds.length;
  switch (learned.what) {
    case 'partner-set-size':
      return {
        code: learned.what,
        atMost: other.rowsMax,
        words: {
          en: `how many distinct identifiers ${other.organisation} brings${rounds > 1 ? ' of each kind' : ''} (about ${grouped(other.rowsAbout)}, at most ${grouped(other.rowsMax)})`,
          zh: `${other.organisation} ${rounds > 1 ? '每类' : ''}参与匹配的去重标识数量（约 ${grouped(other.rowsAbout)}，至多 ${grouped(other.rowsMax)}）`,
        },
      };
    case 'own-rows-matched':
      return {
        code: learned.what,
        atMost: Math.min(own.rowsMax, other.rowsMax),
        words: {
          en: `which of its own rows carry an identifier that ${other.organisation} has too; nothing about any other row of ${other.organisation}`,
          zh: `自己的哪些行带有 ${other.organisation} 也拥有的标识；对 ${other.organisation} 的其他行一无所知`,
        },
      };
    case 'partner-list-changes':
      return {
        code: learned.what,
        words: {
          en: `where it keeps the table of ${other.organisation} for later runs: how many identifiers joined and left the list of ${other.organisation} in between`,
          zh: `若保留 ${other.organisation} 的标签表供以后运行使用：其间 ${other.organisation} 名单新增和减少的标识数量`,
        },
      };
    case 'own-matches-later':
      return {
        code: learned.what,
        words: {
          en: `of identifiers that it has asked for once: whether they are in a later version of the list that ${other.organisation} ships under the same key`,
          zh: `对曾经查询过的标识：它们是否在 ${other.organisation} 用同一密钥发送的名单后续版本中`,
        },
      };
    case 'own-rows-matched-as-told':
      return {
        code: learned.what,
        atMost: Math.min(own.rowsMax, other.rowsMax),
        words: {
          en: `which of its own rows carry an identifier that ${other.organisation} has too, as ${other.organisation} tells it; nothing about any other row of ${other.organisation}`,
          zh: `由 ${other.organisation} 告知，自己的哪些行带有其也拥有的标识；对 ${other.organisation} 的其他行一无所知`,
        },
      };
    case 'match-count':
      return {
        code: learned.what,
        atMost: Math.min(own.rowsMax, other.rowsMax),
        words: {
          en: `how many identifiers both have, rounded to ${grouped(terms.limits.minimumGroupRows)}, not which; fewer than ${grouped(terms.limits.minimumGroupRows)} is not shown`,
          zh: `双方共有的标识数量（取整到 ${grouped(terms.limits.minimumGroupRows)}），不知道是哪些；少于 ${grouped(terms.limits.minimumGroupRows)} 不显示`,
        },
      };
  }
}

function byKey(terms: MatchTerms) {
  const order = terms.rounds.map(({ form }) => form).join(', ');
  return {
    code: 'matched-by-kind',
    words: {
      en: `for each matched row of its own, the first kind of identifier that matched, in the order ${order}`,
      zh: `自己每个匹配行最先匹配上的标识类型，顺序为 ${order}`,
    },
  };
}

function assumptions(terms: MatchTerms, protocol: ProtocolOfMatch): Words[] {
  const stated: Words[] = [
    {
      en: 'Both nodes run the agreed program (semi-honest). A manipulated partner can bring identifiers that it does not really hold, up to its limit.',
      zh: '双方节点均运行约定的程序（半诚实模型）。被篡改的对方可以在其上限内加入并不真正拥有的标识。',
    },
    ...protocol.assumptions,
  ];
  if (terms.rounds.length > 1 && terms.proposer.learns === 'rows' && terms.partner.learns === 'rows') {
    stated.push({
      en: 'Rows that matched leave the later rounds, so the sizes of those rounds follow from the matches, which both sides learn anyway.',
      zh: '已匹配的行不再参加后续轮次，因此后续轮次的规模由双方本就知晓的匹配结果决定。',
    });
  }
  return stated;
}

function summary({ proposer, partner }: MatchTerms): Words {
  const [a, b] = [proposer.organisation, partner.organisation];
  if (proposer.learns === 'count') {
    return {
      en: `${a} and ${b} both learn how many identifiers they share, and neither learns which.`,
      zh: `${a} 与 ${b} 都只得知共有标识的数量，双方都不知道是哪些。`,
    };
  }
  if (proposer.learns === 'rows' && partner.learns === 'rows') {
    return {
      en: `${a} and ${b} each learn which of their own rows match.`,
      zh: `${a} 与 ${b} 各自得知自己的哪些行匹配。`,
    };
  }
  const [learner, other] = proposer.learns === 'rows' ? [a, b] : [b, a];
  return {
    en: `${learner} learns which of its own rows match; ${other} learns only the size of ${learner}'s list.`,
    zh: `${learner} 得知自己的哪些行匹配；${other} 只得知 ${learner} 名单的规模。`,
  };
}
