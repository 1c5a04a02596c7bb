/** What JSON can say (RFC 8259) with numbers of type `N`, read only: parsed documents are not edited in place. */
export type JsonWith<N> =
  | null
  | boolean
  | N
  | string
  | readonly JsonWith<N>[]
  | { readonly [name: string]: JsonWith<N> };

export type JsonValue = JsonWith<number>;
export type JsonObject = { readonly [name: string]: JsonValue };

/** A document whose integers are BigInts, so that none is rounded. */
export type ExactJson = JsonWith<number | bigint>;

/**
 * Text that is not the JSON that we take, or a value that has no JSON form. The pointer (RFC 6901) names the place; the message never
 * repeats what stood there.
 */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;
  /** RFC 6901; the empty string is the whole document. Cut at 256 characters. */
  readonly pointer: string;

  constructor(code: JsonErrorCode, path: readonly (string | number)[], problem: string) {
    const pointer = jsonPointer(path);
    super(pointer === '' ? problem : `${problem} (at ${pointer})`);
    this.code = code;
    this.pointer = pointer;
  }
}

export type JsonErrorCode =
  | 'not-utf8'
  | 'syntax'
  | 'too-large'
  | 'too-deep'
  | 'too-many-values'
  | 'duplicate-key'
  | 'forbidden-key'
  | 'lone-surrogate'
  | 'number-range'
  | 'not-json';

/** A place in a document as a JSON pointer (RFC 6901 §3), cut at 256 characters. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return pointer.length <= 256 ? pointer : `${pointer.slice(0, 255)}…`;
}
