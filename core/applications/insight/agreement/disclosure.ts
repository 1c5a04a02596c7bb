/** Who will learn what of an insight, in words: generated from the terms alone, so both sides read the same text. */

import { epsilonOf } from '../../../privacy/index.ts';
import {
  discloseSide,
  edgeMoveMax,
  gateLines,
  hasGate,
  noiseVariance,
  privacyCost,
  releasedMeasures,
  type SumLearned,
} from '../../../protocols/join-sum/index.ts';
import { type Disclosure, withDigest } from '../../disclosure.ts';
import { type Flow, flowsOf } from '../../flow.ts';
import { grouped, type Words } from '../../words.ts';
import { cellValues, sumPlanOf } from './sum-plan.ts';
import { type InsightTerms, senderSide } from './terms.ts';

type Learned = Disclosure['parties'][number]['learns'][number];

export function disclose(terms: InsightTerms): Disclosure {
  const sender = senderSide(terms);
  const party = (side: 'proposer' | 'partner') => ({
    organisation: terms[side].organisation,
    learns: side === sender ? senderLearns(terms) : receiverLearns(terms),
  });
  return withDigest({
    parties: [party('proposer'), party('partner')],
    flows: flows(terms),
    assumptions: assumptions(terms),
    words: summary(terms),
  });
}

/** At the published sizes: first what the receiver's list sets going, then what comes back. */
function flows(terms: InsightTerms): readonly Flow[] {
  const [receiver, sender] = [terms[terms.receiver], terms[senderSide(terms)]];
  const plan = sumPlanOf(terms);
  const rows = { groups: [receiver.rowsAbout], sender: sender.rowsAbout };
  const received = (role: 'receiver' | 'sender') => {
    const [own, other] = role === 'receiver' ? [receiver, sender] : [sender, receiver];
    return flowsOf({
      from: other.organisation,
      to: own.organisation,
      receives: discloseSide(role, plan, rows).receives,
      rows: { own: own.rowsAbout, partner: other.rowsAbout },
      rounds: 1,
    });
  };
  return [...received('sender'), ...received('receiver')];
}

function rowsOf(terms: InsightTerms) {
  return { groups: [terms[terms.receiver].rowsMax], sender: terms[senderSide(terms)].rowsMax };
}

function receiverLearns(terms: InsightTerms): Learned[] {
  const plan = sumPlanOf(terms);
  const sentence = (learned: SumLearned): Learned => {
    switch (learned.what) {
      case 'partner-set-size':
        return sizeOf(terms[senderSide(terms)]);
      case 'figures':
        return { code: learned.what, atMost: learned.cells * releasedMeasures(plan).length, words: figures(terms) };
      case 'held-back':
        return { code: learned.what, words: heldBack(terms) };
      case 'blurred-total':
        return {
          code: learned.what,
          words: {
            en: 'how many people both have, blurred by about ±20; not which of its own',
            zh: '双方共有的人数（带约 ±20 的模糊）；不知道是自己的哪些人',
          },
        };
      case 'verdicts':
        throw new RangeError('a receiver is told no verdicts: it gives them');
    }
  };
  return discloseSide('receiver', plan, rowsOf(terms)).learns.map(sentence);
}

function heldBack({ protection, limits }: InsightTerms): Words {
  const k = limits.minimumGroupRows;
  const exactly = protection.kind === 'exact';
  return {
    en: `which cells have fewer than ${k} shared people${exactly ? ` (the edge lies between ${k} and ${k + edgeMoveMax}), or are held back to protect such a cell` : ', as far as the noise tells'}`,
    zh: `哪些单元共有人数少于 ${k}${exactly ? `（边界在 ${k} 至 ${k + edgeMoveMax} 之间），或为保护此类单元而不显示` : '（以带噪声的数字为准）'}`,
  };
}

function senderLearns(terms: InsightTerms): Learned[] {
  const plan = sumPlanOf(terms);
  const receiver = terms[terms.receiver];
  const tested: Learned[] = hasGate(plan)
    ? [
        {
          code: 'verdicts',
          atMost: gateLines(plan).length,
          words: {
            en: `of each of ${gateLines(plan).length} figures, whether it reached ${terms.limits.minimumGroupRows} people; no count, no sum, and not which of its own people are shared`,
            zh: `${gateLines(plan).length} 个数字各自是否达到 ${terms.limits.minimumGroupRows} 人；不得知任何计数或总和，也不知道自己的哪些人为双方共有`,
          },
        },
      ]
    : [];
  return [sizeOf(receiver), ...tested];
}

function sizeOf(list: InsightTerms['proposer']): Learned {
  return {
    code: 'partner-set-size',
    atMost: list.rowsMax,
    words: {
      en: `how many distinct identifiers ${list.organisation} brings (about ${grouped(list.rowsAbout)}, at most ${grouped(list.rowsMax)})`,
      zh: `${list.organisation} 参与计算的去重标识数量（约 ${grouped(list.rowsAbout)}，至多 ${grouped(list.rowsMax)}）`,
    },
  };
}

function figures(terms: InsightTerms): Words {
  const plan = sumPlanOf(terms);
  const cells = cellValues(terms).length;
  const columns = terms.columns.map(
    ({ column, unit, squares }) => `${column} (${unit}${squares ? ', with squares' : ''})`,
  );
  const columnsZh = terms.columns.map(
    ({ column, unit, squares }) => `${column}（${unit}${squares ? '，含平方' : ''}）`,
  );
  const tables = terms.tables.map(({ segments }) => segments.map(({ column }) => column).join(' × '));
  const variance = noiseVariance(plan, plan.tables[0]!, { of: 'rows' });
  const sigma = Math.sqrt(Number(variance.numerator) / Number(variance.denominator));
  const noisy = terms.protection.kind === 'noise';
  const by = tables.length > 0 ? `, and of ${cells - 1} cells by ${tables.join('; ')}` : '';
  const byZh = tables.length > 0 ? `，以及按 ${tables.join('；')} 划分的 ${cells - 1} 个单元的人数` : '';
  return {
    en: `the number of shared people${by}${columns.length > 0 ? `, each with the sum of ${columns.join(', ')}` : ''}${noisy ? `; with noise, σ = ${sigma.toFixed(1)} on counts` : '; exactly'}`,
    zh: `双方共有的人数${byZh}${columns.length > 0 ? `，以及各自的 ${columnsZh.join('、')} 总和` : ''}${noisy ? `；带噪声，计数的 σ = ${sigma.toFixed(1)}` : '；为精确值'}`,
  };
}

function assumptions(terms: InsightTerms): Words[] {
  const [receiver, sender] = [terms[terms.receiver].organisation, terms[senderSide(terms)].organisation];
  const cost = privacyCost(sumPlanOf(terms));
  return [
    {
      en: 'Both nodes run the agreed program (semi-honest). The protocol has a simulation argument by this project; nobody outside has reviewed it.',
      zh: '双方节点均运行约定的程序（半诚实模型）。协议附有本项目的模拟论证，尚未经外部评审。',
    },
    {
      en: `A manipulated node of ${receiver} could bring a crafted list, and learn a bit near the minimum about single people in each run; a lie about a figure's smallness is caught with probability one half at least.`,
      zh: `${receiver} 被篡改的节点可能带入刻意构造的名单，每次运行获知个别人在下限附近的一比特信息；谎报某数字是否过小，被发现的概率至少为一半。`,
    },
    {
      en: `A manipulated node of ${sender} could give false values, and test membership of people of its choice: as many bits in a run as there are tests, at most 512.`,
      zh: `${sender} 被篡改的节点可能给出虚假数值，并测试其选定的人是否在名单中：每次运行至多为测试数（512）个比特。`,
    },
    cost === undefined
      ? {
          en: 'Exact results carry no mathematical guarantee against repeated questions.',
          zh: '精确结果对重复提问没有数学上的保证。',
        }
      : {
          en: `Each run costs a person in ${sender}'s data ρ = ${(cost / 1e6).toFixed(3)}, that is ε = ${epsilonOf(cost).toFixed(2)} at δ = 10⁻⁶. This covers released figures and the blurred total; verdicts that ${sender} sees are outside it.`,
          zh: `每次运行使 ${sender} 数据中的个人付出 ρ = ${(cost / 1e6).toFixed(3)}，即 δ = 10⁻⁶ 时 ε = ${epsilonOf(cost).toFixed(2)}。这涵盖已发布的数字和模糊总数；${sender} 看到的判定不在其内。`,
        },
    {
      en: 'A sum can be dominated by one person, up to the bound of the column: that cannot be tested between two parties.',
      zh: '总和可能由一个人主导，至多到该列的上限：两方之间无法检验这一点。',
    },
  ];
}

function summary(terms: InsightTerms): Words {
  const [receiver, sender] = [terms[terms.receiver].organisation, terms[senderSide(terms)].organisation];
  return {
    en: `${receiver} learns figures about the people whom it shares with ${sender}, by the segments of ${sender}; neither learns who they are.`,
    zh: `${receiver} 得知其与 ${sender} 共有人群按 ${sender} 的分段统计的数字；双方都不知道这些人是谁。`,
  };
}
