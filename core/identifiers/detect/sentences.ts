/** What to tell a person about a column: counts and forms, never a cell's text. */
import { digestLabels, type IdType } from '../profile.ts';
import type { Sentence } from '../reasons.ts';
import type { CellForms, DigestGroup } from './cell-forms.ts';
import type { CellCounts, Guess } from './detect.ts';

/** What one person has alone; an account's identifier may stand in many rows of a log. */
const personal: readonly IdType[] = ['email', 'phone', 'imei', 'oaid', 'idfa', 'caid', 'mac'];

/** Most important first. */
export function describe(guess: Guess, forms: CellForms, counts: CellCounts): readonly Sentence[] {
  const list: Sentence[] = [];
  if (guess.mixed) {
    const parts = [
      ...forms.digests.map(digestSentence),
      ...(forms.plain.length > 0 ? [{ en: 'plain text', zh: '明文' }] : []),
    ];
    list.push({
      en: `this column mixes ${parts.map((part) => part.en).join(' and ')}: give each form its own column`,
      zh: `该列混有${parts.map((part) => part.zh).join('与')}：请将不同形式拆分为多列`,
    });
  } else if (guess.digest !== null) {
    const form = digestSentence(guess.digest);
    list.push({ en: `this column looks like ${form.en}`, zh: `该列看起来是 ${form.zh}` });
    if (guess.digest.bytes === 20 || guess.digest.bytes === 64) {
      const names = Object.values(digestLabels).join(', ');
      list.push({ en: `this digest is not in use here; ${names} are`, zh: `不支持该摘要；可用的有 ${names}` });
    }
  } else if (guess.profile !== null) {
    const own = guess.type === 'custom' || guess.type === 'cookie';
    list.push({
      en: `this column looks like ${guess.profile}${own ? ', an identifier of one system' : ''}`,
      zh: `该列看起来是 ${guess.profile}${own ? '，即某一系统自有的标识' : ''}`,
    });
  }
  if (guess.type === 'caid')
    list.push({ en: 'add the CAID version: caid@20220111', zh: '请补充 CAID 版本：caid@20220111' });
  if (guess.type === 'openid' || guess.type === 'unionid') {
    list.push({ en: `add whose it is: ${guess.type}@ID`, zh: `请补充所属的应用或账号：${guess.type}@ID` });
  }
  // Attribute columns hold empty words and repeated values by right.
  if (guess.type === null) return list;
  if (counts.damaged > 0) {
    list.push({
      en: `${counts.damaged} of ${counts.cells} cells were damaged by a spreadsheet and cannot be matched`,
      zh: `${counts.cells} 个单元格中有 ${counts.damaged} 个被表格软件损坏，无法匹配`,
    });
  }
  if (counts.placeholder > 0) {
    list.push({
      en: `${counts.placeholder} of ${counts.cells} cells are placeholders`,
      zh: `${counts.cells} 个单元格中有 ${counts.placeholder} 个是占位值`,
    });
  }
  if (personal.includes(guess.type) && counts.mostFrequent > Math.max(5, 0.02 * counts.accepted)) {
    list.push({
      en: `one value stands in ${counts.mostFrequent} of ${counts.cells} cells: shared or invented`,
      zh: `同一个值出现在 ${counts.cells} 个单元格中的 ${counts.mostFrequent} 个：可能是共用或虚构的`,
    });
  }
  return list;
}

function digestSentence({ bytes, encoding, letterCase }: DigestGroup): Sentence {
  const names = { 16: 'MD5', 20: 'SHA-1', 32: 'SHA-256', 64: 'SHA-512' }[bytes];
  if (encoding === 'base64') return { en: `${names} (Base64)`, zh: `${names}（Base64）` };
  const cased = {
    lower: { en: '', zh: '' },
    upper: { en: ', upper-case', zh: '，大写' },
    mixed: { en: ', both letter cases', zh: '，大小写混用' },
  }[letterCase];
  return { en: `${names} (${2 * bytes} hex${cased.en})`, zh: `${names}（${2 * bytes} 位十六进制${cased.zh}）` };
}
