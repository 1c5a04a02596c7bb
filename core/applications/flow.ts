/**
 * What crosses the wire of an agreement, from whom to whom, as the statement says it beside what each party learns: messages of a protocol that say the same
 * thing are one flow. Lengths come from the very data that tests hold the transcripts to.
 */
import type { Received } from '../protocols/index.ts';
import type { Words } from './words.ts';

/** What a flow consists of, in the eyes of whoever receives it. */
export type FlowCode =
  | 'blinded-identifiers'
  | 'tags'
  | 'randomness'
  | 'ciphertexts'
  | 'proofs'
  | 'verdicts'
  | 'matched-rows'
  | 'pseudonymous-rows'
  | 'answers'
  | 'audiences'
  | 'columns'
  | 'hash-key'
  | 'sealed-labels';

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly code: FlowCode;
  readonly words: Words;
  /** Whether whoever receives it can read it as it is; all else says nothing but what the statement lists. */
  readonly readable: boolean;
  /** Of one run, reckoned with the published sizes; left out where it follows from what the rows hold. */
  readonly bytesAbout?: number;
}

/** Whose protocol a message's name belongs to does not matter: one name means one thing in all of them. */
const codes: Readonly<Record<string, FlowCode>> = {
  points: 'blinded-identifiers',
  answers: 'tags',
  tags: 'tags',
  bucket: 'tags',
  'base-elements': 'randomness',
  'base-answer': 'randomness',
  'epoch-trees': 'randomness',
  'epoch-choices': 'randomness',
  trees: 'randomness',
  choices: 'randomness',
  okvs: 'randomness',
  match: 'matched-rows',
  labels: 'ciphertexts',
  bits: 'ciphertexts',
  gate: 'ciphertexts',
  release: 'ciphertexts',
  opening: 'proofs',
  check: 'proofs',
  verdicts: 'verdicts',
  'hash-key': 'hash-key',
  'opja-labels': 'sealed-labels',
};

const words: Readonly<Record<FlowCode, Words>> = {
  'blinded-identifiers': {
    en: 'identifiers blinded by a secret key that never leaves its node: to anybody else they look random',
    zh: '以绝不离开本节点的密钥盲化的标识：在他人看来与随机数无异',
  },
  tags: {
    en: 'tags of identifiers under secret keys: without both keys they say nothing',
    zh: '用密钥生成的标识标签：缺少任一密钥都不透露任何信息',
  },
  randomness: {
    en: 'masked vectors whose lengths follow from the declared sizes alone',
    zh: '掩码后的向量，其长度仅由声明的规模决定',
  },
  ciphertexts: {
    en: 'encrypted numbers, opened only as the figures that are agreed on',
    zh: '加密的数字，只会按约定的统计结果打开',
  },
  proofs: { en: 'proofs that the agreed steps were taken', zh: '证明已按约定步骤执行' },
  verdicts: {
    en: 'of each figure, whether it reaches the minimum',
    zh: '每个数字是否达到下限',
  },
  'matched-rows': {
    en: 'which of its tags matched: a yes or a no for each',
    zh: '其各个标签是否匹配：每个一个是或否',
  },
  'pseudonymous-rows': {
    en: 'rows under pseudonyms, with the agreed columns alone',
    zh: '假名化的行，只含约定的列',
  },
  answers: {
    en: 'answers that the rules of all columns allow',
    zh: '所有列的规则都允许的答案',
  },
  audiences: {
    en: 'which of its own rows are in an audience, by their place in its upload',
    zh: '自己的哪些行属于人群包，以其在上传数据中的位置表示',
  },
  columns: {
    en: 'the agreed columns of matched rows, sealed on the way',
    zh: '匹配行的约定列，传输时加密',
  },
  'hash-key': {
    en: 'the key of the publisher’s hash, which opens nothing without that of its ids',
    zh: '发布方的哈希密钥；没有其 ID 密钥无法还原任何内容',
  },
  'sealed-labels': {
    en: 'labels that are all alike to whoever has not the receiver’s key',
    zh: '密封标签：没有接收方密钥者看来全都一样',
  },
};

const readable: ReadonlySet<FlowCode> = new Set([
  'verdicts',
  'matched-rows',
  'pseudonymous-rows',
  'answers',
  'audiences',
  'columns',
]);

export function flow(of: {
  readonly from: string;
  readonly to: string;
  readonly code: FlowCode;
  readonly bytesAbout?: number;
}): Flow {
  return { ...of, words: words[of.code], readable: readable.has(of.code) };
}

/**
 * The flows to one party of a run of a protocol.
 * @param of.receives every message that the party gets.
 * @param of.rows of the party's list and of the sender's, as published.
 * @param of.rounds how many times the messages are sent.
 * @throws {RangeError} for a message that has no place here.
 */
export function flowsOf(of: {
  readonly from: string;
  readonly to: string;
  readonly receives: readonly Received[];
  readonly rows: { readonly own: number; readonly partner: number };
  readonly rounds: number;
}): readonly Flow[] {
  const { from, to, receives, rows, rounds } = of;
  const bytes = new Map<FlowCode, number>();
  for (const received of receives) {
    const code = codes[received.message];
    if (code === undefined) throw new RangeError(`the message ${received.message} belongs to no flow`);
    const once = 'bytes' in received ? received.bytes : received.bytesPerRow * rows[received.rowsOf];
    bytes.set(code, (bytes.get(code) ?? 0) + once * rounds);
  }
  return [...bytes].map(([code, bytesAbout]) => flow({ from, to, code, bytesAbout: Math.ceil(bytesAbout) }));
}

/** Bytes of one run in all, as far as they follow from the published sizes. */
export function bytesOfFlows(flows: readonly Flow[]): number {
  return flows.reduce((sum, { bytesAbout = 0 }) => sum + bytesAbout, 0);
}
