/** What is said beside the picture of a disclosure, in Chinese. */
export const disclosure = {
  picture: '各方之间依次传输的内容；下方另有同样内容的列表',
  unreadable: '途中与到达后都无人可读',
  readable: '接收方可读',
  about: '约 {{size}}',
  learnsOf: '{{organisation}} 得知',
  flows: {
    'blinded-identifiers': '盲化标识',
    tags: '标签',
    randomness: '掩码向量',
    ciphertexts: '加密的数字',
    proofs: '证明',
    verdicts: '是否达到下限',
    'matched-rows': '是否匹配',
    'pseudonymous-rows': '假名化的行',
    answers: '答案',
    audiences: '人群包',
    columns: '约定的列',
    'hash-key': '哈希密钥',
    'sealed-labels': '密封标签',
  },
};
