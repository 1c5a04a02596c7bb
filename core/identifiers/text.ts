/**
 * The characters that real files mix into identifiers, as data that the JavaScript reference and the SQL both read, so that
 * the two cannot differ. All lie in the basic plane.
 *
 * Patterns are written in the syntax that JavaScript (flag `u`) and RE2 share, without `.`, `\s`, `\d`, `\b`, look-around or
 * back references; they are searched for, so a pattern for the whole text begins with `^` and ends with `$`.
 */

/** Unicode's White_Space, but for the plain space first. */
export const whitespace = ` \t\n\v\f\r\u0085\u00a0\u1680${range(0x2000, 0x200a)}\u2028\u2029\u202f\u205f\u3000`;

/** Without width: soft hyphen, joiners, directional marks (phones' address books copy them), byte order mark. */
export const invisible = `\u00ad\u034f\u061c\u180e${range(0x200b, 0x200f)}${range(0x202a, 0x202e)}${range(0x2060, 0x206f)}\ufeff`;

/** Hyphens and dashes that stand for `-`. */
export const dashes = `${range(0x2010, 0x2015)}\u2212\ufe58\ufe63`;

/** Full-width forms of ASCII, and the ideographic full stops that a Chinese keyboard gives for `.`. */
export const fullWidth = `${range(0xff01, 0xff5e)}\u3002\uff61`;
const fullWidthAscii = `${range(0x21, 0x7e)}..`;

/** Arabic-Indic digits, both series. */
export const otherDigits = range(0x660, 0x669) + range(0x6f0, 0x6f9);
const otherDigitsAscii = '01234567890123456789';

/** Quotes, and the `=` of `="13800138000"`: how spreadsheets and hand-made CSV mark text. */
export const quotes = `'"=`;

/** The full-width forms of some ASCII characters, followed by the characters themselves. */
export function withFullWidth(ascii: string): string {
  let all = '';
  for (const char of ascii) {
    const code = char.charCodeAt(0);
    if (code > 0x20 && code < 0x7f) all += String.fromCharCode(code + 0xfee0);
  }
  return all + ascii;
}

/** A character class for these characters. */
export function characterClass(characters: string): string {
  return `[${characters.replace(/[\]\\^-]/g, '\\$&')}]`;
}

/**
 * Character by character, the first becomes the second; a character with no counterpart is removed. The order is that of
 * SQL's `translate(text, from, to)`: what is removed stands last.
 */
export interface Folding {
  readonly from: string;
  readonly to: string;
}

/** Brings text to ASCII where it has an ASCII meaning: spaces, dashes, full-width forms, other digits; drops the invisible. */
export function asciiFolding(letterCase: 'keep' | 'lower' | 'upper'): Folding {
  const upper = range(0x41, 0x5a);
  const lower = range(0x61, 0x7a);
  const [source, target] = letterCase === 'lower' ? [upper, lower] : letterCase === 'upper' ? [lower, upper] : ['', ''];
  const recased = [...fullWidthAscii].map((char) => {
    const at = source.indexOf(char);
    return at < 0 ? char : target[at]!;
  });
  const spaces = whitespace.replaceAll(/[\x00-\x7f]/g, '');
  return {
    from: source + spaces + dashes + fullWidth + otherDigits + invisible,
    to: target + ' '.repeat(spaces.length) + '-'.repeat(dashes.length) + recased.join('') + otherDigitsAscii,
  };
}

function range(first: number, last: number): string {
  let all = '';
  for (let code = first; code <= last; code++) all += String.fromCharCode(code);
  return all;
}
