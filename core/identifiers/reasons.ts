/** Why a value was changed or refused: stable codes for machines, and what a person reads beside the count. */

export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

/** What normalisation did to a value that it accepted. The order here is the order in which reasons are listed. */
export const changeReasons = {
  invisible: {
    en: 'invisible characters removed (zero width, byte order mark)',
    zh: '去除不可见字符（零宽字符、BOM）',
  },
  'full-width': { en: 'full-width characters made half-width', zh: '全角字符转为半角' },
  'other-digits': { en: 'Arabic-Indic digits made 0-9', zh: '阿拉伯-印度数字转为 0-9' },
  spaces: { en: 'spaces removed', zh: '去除空格' },
  quotes: { en: 'quotes or the spreadsheet mark for text removed', zh: '去除引号或表格文本标记' },
  punctuation: { en: 'hyphens and other separators made uniform or removed', zh: '统一或去除连字符等分隔符' },
  'letter-case': { en: 'letter case made uniform', zh: '统一字母大小写' },
  'country-code': { en: 'country code added or removed', zh: '补全或去除国家/地区代码' },
  'mailbox-rule': { en: "the profile's mailbox rule applied (dots, +tag)", zh: '按规则处理邮箱名（点号、+标签）' },
  'version-prefix': { en: 'CAID version removed from the front', zh: '去除前缀的 CAID 版本号' },
  base64: { en: 'Base64 digest written in hexadecimal', zh: 'Base64 摘要转为十六进制' },
} as const satisfies Record<string, Sentence>;
export type ChangeReason = keyof typeof changeReasons;

/** Why a value has no canonical form under its profile. A refused value is never matched. */
export const refusalReasons = {
  empty: { en: 'empty', zh: '为空' },
  placeholder: {
    en: 'a placeholder, not an identifier (11111111111, all zeros, NULL, 无 …)',
    zh: '占位值，并非标识（11111111111、全 0、NULL、无 等）',
  },
  'excel-scientific': {
    en: 'rounded by a spreadsheet (1.38E+10): digits are lost; export the column again as text',
    zh: '被表格软件改为科学计数法（1.38E+10），数字已丢失；请将该列设为文本后重新导出',
  },
  'excel-decimal': {
    en: 'holds a decimal point (trailing .0): a tool took it for a number; export the column again as text',
    zh: '含小数点（如结尾的 .0），被当作数字处理过；请将该列设为文本后重新导出',
  },
  'looks-hashed': {
    en: 'looks like a digest where plain text is declared; declare the digest in the profile (for example phone/md5)',
    zh: '看起来是摘要，而声明的是明文；请在标识类型中声明摘要（例如 phone/md5）',
  },
  'not-hashed': { en: 'not a digest where one is declared', zh: '声明为摘要，但内容不是摘要' },
  'other-hash': { en: 'a digest of another length than the declared algorithm gives', zh: '摘要长度与声明的算法不符' },
  'several-values': {
    en: 'holds more than one identifier; give each its own column',
    zh: '一个单元格含多个标识；请拆分为多列',
  },
  'broken-text': {
    en: 'holds control characters or text broken by a wrong encoding',
    zh: '含控制字符，或因编码错误而损坏',
  },
  'not-ascii': { en: 'holds characters that this identifier cannot contain', zh: '含此类标识不可能出现的字符' },
  'too-long': { en: 'longer than any identifier of this type', zh: '超出此类标识的最大长度' },
  'wrong-length': { en: 'too few or too many characters', zh: '位数不符' },
  malformed: { en: 'does not have the form of this type', zh: '不符合此类标识的格式' },
  'not-a-number': {
    en: 'holds letters or signs that a telephone number does not have',
    zh: '含电话号码中不应出现的字母或符号',
  },
  'not-mobile': { en: 'a landline or service number, not a mobile', zh: '固定电话或服务号码，并非手机号' },
  'foreign-number': {
    en: 'a number of another country or region; declare phone:e164 to keep those',
    zh: '其他国家或地区的号码；如需保留，请声明 phone:e164',
  },
  'unallocated-number': { en: 'a prefix that no mobile network has', zh: '号段不存在' },
  'invalid-number': { en: 'not a valid number in its country or region', zh: '在其国家或地区不是有效号码' },
  'needs-parsing': { en: 'awaits the telephone number parser', zh: '等待号码解析' },
  'other-version': { en: 'carries another CAID version than the profile', zh: 'CAID 版本与声明不符' },
} as const satisfies Record<string, Sentence>;
export type RefusalReason = keyof typeof refusalReasons;

/** Outside input that the area cannot use: a profile text that means nothing, or a request that no rule covers. */
export class IdentifierError extends Error {
  override readonly name = 'IdentifierError';
  readonly code: 'malformed-profile' | 'no-lift';

  constructor(code: IdentifierError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
