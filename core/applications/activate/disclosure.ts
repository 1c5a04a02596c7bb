/** Who will learn what of an activation, in words: generated from the terms alone, so both sides read the same text. */
import type { Received } from '../../protocols/index.ts';
import { labelBytes } from '../../protocols/opja/index.ts';
import { hashKeyBytes } from '../../protocols/pair/index.ts';
import { discloseSide, tagBytes } from '../../protocols/psi-ecdh/index.ts';
import { type Disclosure, withDigest } from '../disclosure.ts';
import { type Flow, flowsOf } from '../flow.ts';
import { discloseDensities, otherSide } from '../match/index.ts';
import { grouped, type Words } from '../words.ts';
import { type ActivateTerms, learnsOf, roleOf } from './terms.ts';

type Learned = Disclosure['parties'][number]['learns'][number];
type List = ActivateTerms['proposer'];

export function disclose(terms: ActivateTerms): Disclosure {
  const party = (side: 'proposer' | 'partner') => {
    const [own, other] = [terms[side], terms[otherSide(side)]];
    const learns =
      roleOf(terms, side) === 'advertiser' ? advertiserLearns(terms, other) : publisherLearns(terms, other);
    const densities = discloseDensities({ ...terms, rounds: [terms.key] }, otherSide(side));
    return { organisation: own.organisation, learns: [size(other), ...learns, ...densities] };
  };
  return withDigest({
    parties: [party('proposer'), party('partner')],
    flows: [...received(terms, 'partner'), ...received(terms, 'proposer')],
    assumptions: assumptions(terms),
    words: summary(terms),
  });
}

/** What a side receives, at the published sizes: points and tags, and what its form has beside. */
function received(terms: ActivateTerms, side: 'proposer' | 'partner'): readonly Flow[] {
  const [own, other, role] = [terms[side], terms[otherSide(side)], roleOf(terms, side)];
  const rows = { own: own.rowsAbout, partner: other.rowsAbout };
  const { receives } = discloseSide(learnsOf(terms, role), tagBytes({ own: rows.own, peer: rows.partner }));
  const { kind } = terms.form;
  const beside: Received[] = [
    ...(kind === 'pair' && role === 'advertiser'
      ? [{ message: 'hash-key', bytes: hashKeyBytes, order: 'none' } as const]
      : []),
    ...(kind === 'opja' && role === 'publisher'
      ? [{ message: 'opja-labels', bytesPerRow: labelBytes, rowsOf: 'own', order: 'own' } as const]
      : []),
  ];
  const between = { from: other.organisation, to: own.organisation, rows, rounds: 1 };
  return flowsOf({ ...between, receives: [...receives, ...beside] });
}

function size({ organisation, rowsAbout, rowsMax }: List): Learned {
  return {
    code: 'partner-set-size',
    atMost: rowsMax,
    words: {
      en: `how many distinct identifiers ${organisation} brings (about ${grouped(rowsAbout)}, at most ${grouped(rowsMax)})`,
      zh: `${organisation} 参与匹配的去重标识数量（约 ${grouped(rowsAbout)}，至多 ${grouped(rowsMax)}）`,
    },
  };
}

function advertiserLearns({ form, ...terms }: ActivateTerms, publisher: List): Learned[] {
  const atMost = Math.min(terms.proposer.rowsMax, terms.partner.rowsMax);
  const { organisation } = publisher;
  switch (form.kind) {
    case 'pair':
      return [
        {
          code: 'publisher-ids',
          atMost: publisher.rowsMax,
          words: {
            en: `one opaque id for every person in the list of ${organisation}, the same in each run until ${organisation} changes its keys: so which of those ids came and went between runs`,
            zh: `${organisation} 名单中每个人的一个不透明 ID；在 ${organisation} 更换密钥之前各次运行保持不变：因此可得知两次运行之间哪些 ID 增减`,
          },
        },
        {
          code: 'publisher-ids-matched',
          atMost,
          words: {
            en: `which of these ids belong to people whom both have, and so how many there are; not which of its own rows they are`,
            zh: `其中哪些 ID 属于双方共有的人，以及人数；不知道对应自己的哪些行`,
          },
        },
      ];
    case 'opja':
      return [
        {
          code: 'match-count',
          atMost,
          words: {
            en: `how many people both have; not which of its own rows they are, nor which of ${organisation}`,
            zh: `双方共有的人数；不知道是自己的哪些行，也不知道是 ${organisation} 的哪些行`,
          },
        },
      ];
  }
}

function publisherLearns({ form, limits, ...terms }: ActivateTerms, advertiser: List): Learned[] {
  const minimum = grouped(limits.minimumGroupRows);
  switch (form.kind) {
    case 'pair':
      return [
        {
          code: 'match-count',
          atMost: Math.min(terms.proposer.rowsMax, terms.partner.rowsMax),
          words: {
            en: `how many identifiers both have, rounded to ${minimum}, not which; fewer than ${minimum} is not shown, and ends the run`,
            zh: `双方共有的标识数量（取整到 ${minimum}），不知道是哪些；少于 ${minimum} 不显示，运行随即结束`,
          },
        },
      ];
    case 'opja':
      return [
        {
          code: 'minimum-reached',
          words: {
            en: `whether at least ${minimum} of its people are in the list of ${advertiser.organisation}; of no person whether he or she is: every label looks alike to it`,
            zh: `自己的人中是否至少有 ${minimum} 人在 ${advertiser.organisation} 的名单中；对任何个人都不得而知：所有标签在它看来没有区别`,
          },
        },
      ];
  }
}

function assumptions(terms: ActivateTerms): Words[] {
  const { form, advertiser, limits, purpose } = terms;
  const [buyer, publisher] = [terms[advertiser].organisation, terms[otherSide(advertiser)].organisation];
  const shared: Words[] = [
    {
      en: `Both nodes run the agreed program (semi-honest). A manipulated node of ${buyer} could blind single rows differently, and so find out about them.`,
      zh: `双方节点均运行约定的程序（半诚实模型）。被篡改的 ${buyer} 节点可对个别行使用不同的盲化，从而得知其结果。`,
    },
    {
      en: `What comes of a run may be used for this alone: ${purpose}. Both nodes give it out until ${limits.expiresAt}, without those who opted out; a file that was given out before is held by nothing but the agreement.`,
      zh: `运行结果只可用于：${purpose}。双方节点在 ${limits.expiresAt} 之前可导出，并排除已选择退出的人；此前已导出的文件只受协议约束。`,
    },
  ];
  switch (form.kind) {
    case 'pair':
      return [
        ...shared,
        {
          en: `${publisher} puts its ids into bid requests. Whoever sees them there, and has the list that ${buyer} gave to its buying platform, learns whose visit it is that both know: the ids are made for that. ${publisher} uses the same ids with every advertiser.`,
          zh: `${publisher} 会把自己的 ID 放入竞价请求。看到这些 ID 并持有 ${buyer} 交给其投放平台名单的一方，即可得知来访者为双方共有：这正是这些 ID 的用途。${publisher} 对所有广告主使用相同的 ID。`,
        },
        {
          en: `The node of ${publisher} gives the node of ${buyer} the key of its hash (Ks), which without the key of its ids (Kp) opens nothing.`,
          zh: `${publisher} 的节点把哈希密钥（Ks）交给 ${buyer} 的节点；没有 ID 密钥（Kp），仅凭它无法还原任何内容。`,
        },
      ];
    case 'opja':
      return [
        ...shared,
        {
          en: `Whoever holds the key that ${form.receiver} publishes opens a label that it meets in a bid request, and learns of that visitor whether both have him or her. A label stays the same until it is made anew, so it can be recognised as well.`,
          zh: `持有 ${form.receiver} 所公布密钥对应私钥的一方，可打开竞价请求中的标签，并得知该访客是否为双方共有。标签在重新生成之前保持不变，因此也可被识别。`,
        },
        {
          en: `${buyer} makes the labels: that they say the truth is its word. ${publisher} checks their number and that nothing else stands in them.`,
          zh: `标签由 ${buyer} 生成：其内容真实与否以 ${buyer} 的陈述为准。${publisher} 检查其数量，并确认其中不含其他内容。`,
        },
      ];
  }
}

function summary(terms: ActivateTerms): Words {
  const { form, advertiser } = terms;
  const [buyer, publisher] = [terms[advertiser].organisation, terms[otherSide(advertiser)].organisation];
  switch (form.kind) {
    case 'pair':
      return {
        en: `${publisher} gets an id for each of its people, ${buyer} gets those ids that belong to people whom both have; neither learns which of its own rows match.`,
        zh: `${publisher} 为自己的每个人得到一个 ID，${buyer} 得到其中属于双方共有的人的 ID；双方都不知道自己的哪些行匹配。`,
      };
    case 'opja':
      return {
        en: `${publisher} gets a sealed label for each of its people, which ${form.receiver} alone can open; neither ${publisher} nor ${buyer} learns which of its own rows match.`,
        zh: `${publisher} 为自己的每个人得到一个密封标签，只有 ${form.receiver} 能打开；${publisher} 与 ${buyer} 都不知道自己的哪些行匹配。`,
      };
  }
}
