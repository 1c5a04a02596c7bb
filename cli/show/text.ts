/** Text from elsewhere, made harmless and measured for a terminal. */
import stringWidth from 'string-width';

/**
 * Control characters and the marks that reverse or hide text, as `\u{1b}`: a partner’s dataset name must not move the
 * cursor, clear the screen or read backwards.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

/** Columns that a text takes: a Chinese character takes two. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Cut to at most `width` columns, between whole characters as a reader sees them, with `…` where something is missing. */
export function fit(text: string, width: number): string {
  // No grapheme is wider than its UTF-16 length times two; most texts end here.
  if (text.length * 2 <= width || textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(
    text.slice(0, width * 16),
  )) {
    const wide = textWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}
