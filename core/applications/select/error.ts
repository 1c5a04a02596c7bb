import type { Words } from '../words.ts';

export type RuleErrorCode = 'malformed' | 'too-complex' | 'too-deep' | 'cycle' | 'unknown-tag' | 'unknown-audience';

/** A rule that cannot be used. It says where in the rule (a JSON pointer) and what to do; values of the rule are not repeated. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly code: RuleErrorCode;
  /** JSON pointer (RFC 6901) into the rule; '' is the whole. */
  readonly pointer: string;
  readonly words: Words;

  constructor(code: RuleErrorCode, pointer: string, words: Words) {
    super(`${words.en}${pointer === '' ? '' : ` (at ${pointer})`}`);
    this.code = code;
    this.pointer = pointer;
    this.words = words;
  }
}
