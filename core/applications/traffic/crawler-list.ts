/**
 * A published list of crawlers, as crawler-user-agents has it: an array of objects with a `pattern`, a regular expression over user agents. It
 * comes from outside: patterns are held to what RE2 runs in linear time, and they run there alone.
 */

export interface CrawlerList {
  readonly patterns: readonly string[];
}

export type CrawlerListErrorCode = 'malformed' | 'too-large' | 'pattern-not-supported';

export class CrawlerListError extends Error {
  override readonly name = 'CrawlerListError';
  readonly code: CrawlerListErrorCode;
  /** Of the entry, from 0. */
  readonly index: number | undefined;

  constructor(code: CrawlerListErrorCode, message: string, index?: number) {
    super(message);
    this.code = code;
    this.index = index;
  }
}

const patternsMax = 20_000;
const patternLengthMax = 500;
/** Back references, and what stands behind `(?` other than a group without a number: RE2 has neither. */
const beyondRe2 = /\\[1-9k]|\(\?(?!:)/;

/** @param document the list as parsed JSON. @throws {CrawlerListError} */
export function readCrawlerList(document: unknown): CrawlerList {
  if (!Array.isArray(document)) throw new CrawlerListError('malformed', 'The list of crawlers is no array.');
  if (document.length > patternsMax) {
    throw new CrawlerListError('too-large', `The list of crawlers has more than ${patternsMax} entries.`);
  }
  return { patterns: document.map(readPattern) };
}

function readPattern(entry: unknown, index: number): string {
  const pattern = typeof entry === 'object' && entry !== null ? (entry as { pattern?: unknown }).pattern : undefined;
  if (typeof pattern !== 'string' || pattern === '') {
    throw new CrawlerListError('malformed', `Entry ${index} of the list of crawlers has no pattern.`, index);
  }
  if (pattern.length > patternLengthMax || beyondRe2.test(pattern) || !isRegularExpression(pattern)) {
    throw new CrawlerListError(
      'pattern-not-supported',
      `The pattern of entry ${index} of the list of crawlers cannot be used: take it out, or write it without look-around and back references.`,
      index,
    );
  }
  return pattern;
}

function isRegularExpression(pattern: string): boolean {
  try {
    // What matches nothing at all would match every user agent.
    return !new RegExp(pattern).test('');
  } catch {
    return false;
  }
}
