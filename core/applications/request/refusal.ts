/** A report that is not made: which rule says so, in words for whoever asked. */
import type { Words } from '../words.ts';

const sentences = {
  'malformed-request': {
    en: 'This is no request of a report: the parameter is not as it has to be.',
    zh: '这不是报告请求：该参数不符合要求。',
  },
  'unknown-table': { en: 'There is no table or audience of this name.', zh: '没有该名称的表或人群包。' },
  'unknown-column': { en: 'The table has no column of this name.', zh: '该表没有此名称的列。' },
  'wrong-column': { en: 'The column is of another kind than the report needs.', zh: '该列的类型不符合报告要求。' },
  'undeclared-value': {
    en: 'The value is not among those that the owner declared.',
    zh: '该取值不在所有者声明的范围内。',
  },
  'off-grid': {
    en: 'The instant is outside of the declared time, or not on its grid.',
    zh: '该时刻超出声明的时间范围，或不在其粒度上。',
  },
  'circle-too-small': {
    en: 'The circle is smaller than the owner of the places allows: a small one is somebody’s home.',
    zh: '该圆形范围小于位置数据所有者允许的下限：过小的范围可能就是某个人的住处。',
  },
  'limit-needed': {
    en: 'Noise has to hide what one person adds: the report needs a limit on it.',
    zh: '噪声需要掩盖单个人的贡献：报告须设定其上限。',
  },
  'too-many-numbers': {
    en: 'The report has more numbers than may be asked for at once. Name fewer models, channels or tags.',
    zh: '报告的数字数量超过一次可请求的上限，请减少模型、渠道或标签。',
  },
  'base-not-own': {
    en: 'The base of an overlap is the list of the one who receives it.',
    zh: '重叠报告的基数必须是接收方自己的名单。',
  },
  'not-an-audience': {
    en: 'An audience is asked for as select or retarget.',
    zh: '人群包只能以 select 或 retarget 请求。',
  },
  'not-its-rows': {
    en: 'An audience is of rows of the one who is given it: name its table as the people.',
    zh: '人群包只包含接收方自己的行：people 须为其自己的表。',
  },
  'own-rows-only': {
    en: 'This report is about rows of its receiver alone: addresses and user agents never leave their owner.',
    zh: '该报告只能基于接收方自己的行级数据：地址和用户代理不会离开其所有者。',
  },
  'exact-not-offered': {
    en: 'Models of whole paths, and paths themselves, are told with noise alone: they follow from many counts, most of them about a few people.',
    zh: '整条路径的模型以及路径本身仅提供加噪结果：它们由大量计数得出，其中多数只涉及少数人。',
  },
} as const satisfies Record<string, Words>;

export type ReportRefusalCode = keyof typeof sentences;

export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
  readonly code: ReportRefusalCode;
  /** A parameter, a table or a column: names from the catalogue or the request. */
  readonly at: string;
  readonly words: Words;

  constructor(code: ReportRefusalCode, at: string, options: { readonly cause?: unknown } = {}) {
    const { en, zh } = sentences[code];
    super(`${en} (${at})`, options);
    this.code = code;
    this.at = at;
    this.words = { en: `${en} (${at})`, zh: `${zh}（${at}）` };
  }
}
