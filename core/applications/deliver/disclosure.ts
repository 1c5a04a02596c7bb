/** Who will learn what of a delivery, in words: generated from the terms alone, so both sides read the same text. */
import { type Disclosure, withDigest } from '../disclosure.ts';
import { flow } from '../flow.ts';
import { grouped, type Words } from '../words.ts';
import { type DeliverTerms, receiverSide } from './terms.ts';

type Learned = Disclosure['parties'][number]['learns'][number];

export function disclose(terms: DeliverTerms): Disclosure {
  const party = (side: 'proposer' | 'partner') => ({
    organisation: terms[side].organisation,
    learns: side === terms.provider ? [] : delivered(terms),
  });
  return withDigest({
    parties: [party('proposer'), party('partner')],
    flows: [
      flow({
        from: terms[terms.provider].organisation,
        to: terms[receiverSide(terms)].organisation,
        code: 'columns',
      }),
    ],
    assumptions: assumptions(terms),
    words: summary(terms),
  });
}

function delivered(terms: DeliverTerms): Learned[] {
  const { columns, match, provider } = terms;
  const { organisation, rowsMax } = terms[provider];
  return [
    {
      code: 'delivered-columns',
      atMost: rowsMax,
      words: {
        en: `for each of its own rows that job ${match.job} matched: what ${organisation} has in ${columns.join(', ')}, of several rows with one identifier the first; no other column, and nothing of rows that did not match`,
        zh: `对于作业 ${match.job} 匹配到的每一行自有数据：${organisation} 在 ${columns.join('、')} 列中的值（同一标识有多行时取第一行）；不含其他列，也不含未匹配的行`,
      },
    },
  ];
}

function assumptions({ purpose, limits, ...terms }: DeliverTerms): Words[] {
  const receiver = terms[receiverSide(terms)].organisation;
  const provider = terms[terms.provider].organisation;
  return [
    {
      en: `The columns may be used for this alone: ${purpose}. The node of ${receiver} gives them out until ${limits.expiresAt}; a file that was exported before is held by nothing but the agreement.`,
      zh: `这些列只可用于：${purpose}。${receiver} 的节点在 ${limits.expiresAt} 之前可导出；此前已导出的文件只受协议约束。`,
    },
    {
      en: `That a value is right is the word of ${provider}; that it arrived as it was sent is proved by both signatures.`,
      zh: `值是否正确以 ${provider} 的陈述为准；双方签名证明其送达时与发出时一致。`,
    },
  ];
}

function summary(terms: DeliverTerms): Words {
  const [provider, receiver] = [terms[terms.provider].organisation, terms[receiverSide(terms)].organisation];
  const { columns, limits } = terms;
  return {
    en: `${provider} gives ${receiver} ${columns.length === 1 ? 'a column' : `${grouped(columns.length)} columns`} of the rows that both matched, for at least ${grouped(limits.minimumGroupRows)} identifiers or not at all; ${provider} learns nothing.`,
    zh: `${provider} 将双方已匹配的行的 ${grouped(columns.length)} 列交给 ${receiver}，少于 ${grouped(limits.minimumGroupRows)} 个标识则不交付；${provider} 不得知任何内容。`,
  };
}
