/** Shows what a value looks like without showing it: 13800138000 as 99999999999, 张三 as 字字. */

const shownMax = 32;

export function maskValue(text: string): string {
  const masked = [...text.slice(0, 4 * shownMax)].map(maskCharacter);
  return masked.length > shownMax || text.length > 4 * shownMax
    ? `${masked.slice(0, shownMax).join('')}…`
    : masked.join('');
}

function maskCharacter(character: string): string {
  if (/\p{Nd}/u.test(character)) return character > '\u007f' ? '９' : '9';
  if (/\p{Script=Han}/u.test(character)) return '字';
  if (/\p{Lu}/u.test(character)) return 'A';
  if (/\p{L}|\p{M}/u.test(character)) return 'a';
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(character)) return '□';
  return character;
}
