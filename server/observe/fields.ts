/**
 * What may stand in a log line. A field that is not in this list is left out, whatever the caller passes, and every value is
 * cut and cleaned by its kind: identifiers, keys and blinded values have no way in.
 */

/**
 * - `id`: a name that Causeway gave; one of 20 hexadecimal digits or more is cut to the first 12 characters.
 * - `slug`: a word of a fixed list, such as a code, a stage, a route.
 * - `number`: finite.
 * - `text`: a sentence; everything in it that could be an identifier or a secret is blanked.
 */
const kinds = {
  job: 'id',
  agreement: 'id',
  dataset: 'id',
  audience: 'id',
  operation: 'id',
  upload: 'id',
  user: 'id',
  organisation: 'slug',
  peer: 'slug',
  requestId: 'id',
  worker: 'id',
  route: 'slug',
  method: 'slug',
  stage: 'slug',
  state: 'slug',
  code: 'slug',
  cause: 'slug',
  kind: 'slug',
  protocol: 'slug',
  kernel: 'slug',
  version: 'text',
  address: 'text',
  path: 'text',
  detail: 'text',
  status: 'number',
  attempt: 'number',
  index: 'number',
  rows: 'number',
  bytes: 'number',
  count: 'number',
  port: 'number',
  pid: 'number',
  tookMs: 'number',
  waitMs: 'number',
  ratePerSecond: 'number',
  progress: 'number',
} as const satisfies Record<string, 'id' | 'slug' | 'number' | 'text'>;

export type LogFields = {
  readonly [Name in keyof typeof kinds]?: ((typeof kinds)[Name] extends 'number' ? number : string) | undefined;
} & {
  /** Logged as its class, code, cleaned message and where it was thrown. */
  readonly error?: unknown;
};

/** The fields as they may be written; what was left out is counted in `dropped`. */
export function safeFields(fields: LogFields): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (name === 'error') {
      safe.error = safeError(value);
      continue;
    }
    const cleaned = Object.hasOwn(kinds, name) ? cleanAs(kinds[name as keyof typeof kinds], value) : undefined;
    if (cleaned === undefined) dropped += 1;
    else safe[name] = cleaned;
  }
  if (dropped > 0) safe.dropped = dropped;
  return safe;
}

/** A sentence without anything in it that could be an identifier, a key, a blinded value, or a way to fake a line. */
export function cleanText(text: string): string {
  return (
    text
      .slice(0, 2000)
      .replace(/[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, '[email]')
      .replace(/(:\/\/)[^/\s@]*@/g, '$1[secret]@')
      .replace(/\b(?:cwy_[A-Za-z0-9_-]+|causeway:[A-Za-z0-9_-]{20,})/g, '[secret]')
      .replace(/[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/g, '[id]')
      .replace(/[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}/g, '[id]')
      .replace(/[0-9A-Fa-f]{32,}/g, '[hex]')
      .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, '[base64]')
      // Digits of any script (full-width ones too), as people write phone numbers.
      .replace(/\+?\p{Nd}(?:[\s().-]?\p{Nd}){6,}/gu, '[digits]')
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
      .slice(0, 500)
  );
}

function cleanAs(kind: 'id' | 'slug' | 'number' | 'text', value: unknown): string | number | undefined {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'id':
      if (typeof value !== 'string' || !/^[A-Za-z0-9_.-]{1,100}$/.test(value)) return undefined;
      if (/^[0-9A-Fa-f-]{20,}$/.test(value)) return value.slice(0, 12);
      return cleanText(value) === value ? value : undefined;
    case 'slug':
      if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9_./+-]{0,63}$/.test(value)) return undefined;
      return cleanText(value) === value ? value : undefined;
    case 'text':
      return typeof value === 'string' ? cleanText(value) : undefined;
  }
}

interface SafeError {
  readonly name: string;
  readonly code?: string | undefined;
  readonly message: string;
  readonly at?: readonly string[];
  readonly cause?: SafeError;
}

function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { name: 'unknown', message: `a ${typeof error} was thrown` };
  const code = (error as { code?: unknown }).code;
  return {
    name: cleanText(error.name),
    code: typeof code === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(code) ? code : undefined,
    message: cleanText(error.message),
    ...(depth === 0 ? { at: frames(error) } : {}),
    ...(error.cause !== undefined && depth < 4 ? { cause: safeError(error.cause, depth + 1) } : {}),
  };
}

/** The stack without its first line, which repeats the message; of a path its end, which says enough, and is not taken for a secret. */
function frames(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return lines
    .slice(0, 12)
    .map((line) => cleanText(line.trim().replace(/(?:file:\/\/)?\/[^\s():]*\/(?=[^/\s():]+\/[^/\s():]+:\d)/, '')));
}
