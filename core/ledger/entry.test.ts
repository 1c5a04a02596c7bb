import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { description, keysOf, memberOf, network, operator, startMs, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../bytes/index.ts';
import { canonicalBytes } from '../json/index.ts';
import { entrySigningBytes } from './entry.ts';
import {
  decodeRecord,
  encodeRecord,
  entryBytesMax,
  formatTime,
  jobOutcomeBytes,
  type LedgerError,
  memberConsentBytes,
  parseEntry,
  parseTime,
  publishedValueLengthMax,
  publishedValuesMax,
  roundRowsAbout,
  signEntry,
} from './index.ts';

const publish = signEntry(
  {
    network,
    author: 'aurora',
    atMs: startMs,
    type: 'dataset.published',
    body: { dataset: 'crm', name: 'Customers', description },
  },
  keysOf('aurora'),
);

const joined = signEntry(
  {
    network,
    author: operator,
    atMs: startMs,
    type: 'member.joined',
    body: { member: memberOf('aurora'), consent: publish.signature },
  },
  keysOf(operator),
);

/** A copy with one place changed; undefined takes the place away. */
function changed(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>;
  if (to === undefined) delete at[path.at(-1)!];
  else at[path.at(-1)!] = to;
  return copy;
}

describe('the form of an entry', () => {
  it.each<[string, (string | number)[], unknown]>([
    ['another version', ['version'], 2],
    ['an unknown type', ['type'], 'dataset.deleted'],
    ['no network', ['network'], undefined],
    ['capitals in an id', ['author'], 'Aurora'],
    ['an id of 64 characters', ['author'], 'a'.repeat(64)],
    ['a time with an offset', ['at'], '2025-06-30T08:00:00+00:00'],
    ['a time with fractions', ['at'], '2025-06-30T08:00:00.000Z'],
    ['30 February', ['at'], '2025-02-30T08:00:00Z'],
    ['24:00', ['at'], '2025-06-30T24:00:00Z'],
    ['a body of another type', ['body'], { job: 'j', agreement: 'a'.repeat(64) }],
    ['a signature in hexadecimal', ['signature'], 'ab'.repeat(64)],
    ['a signature with stray padding bits', ['signature'], `${publish.signature.slice(0, 85)}B==`],
    ['an exact row count', ['body', 'description', 'rowsAbout'], 120_001],
    ['a small row count', ['body', 'description', 'rowsAbout'], 569],
    ['a fraction', ['body', 'description', 'rowsAbout'], 0.5],
    ['a density above 100 %', ['body', 'description', 'ids', 0, 'density'], 101],
    ['a density with fractions', ['body', 'description', 'ids', 0, 'density'], 12.5],
    ['a density in words of its own', ['body', 'description', 'ids', 0, 'density'], 'fine'],
    ['an unknown grade', ['body', 'description', 'attributes', 0, 'grade'], 'secret'],
    ['a line break in a name', ['body', 'name'], 'Cust\nomers'],
    ['a lone surrogate', ['body', 'name'], 'a\ud800'],
    ['an empty name', ['body', 'name'], ''],
    ['a name of 201 characters', ['body', 'name'], 'a'.repeat(201)],
    ['201 columns', ['body', 'description', 'attributes'], Array(201).fill(description.attributes[0])],
  ])('%s is refused with its place', (_name, path, to) => {
    const pointer = path[0] === 'body' && path.length === 1 ? expect.stringMatching(/^\/body/) : `/${path.join('/')}`;
    expect(() => parseEntry(changed(publish, path, to))).toThrow(
      expect.objectContaining({ name: 'LedgerError', code: 'malformed-entry', pointer }),
    );
  });

  describe('the values of a column', () => {
    const listed = (values: unknown, more: object = {}) =>
      changed(publish, ['body', 'description', 'attributes', 0], { ...description.attributes[0], values, ...more });
    const pointerOf = (value: unknown) => {
      try {
        parseEntry(value);
        return 'taken';
      } catch (error) {
        return (error as LedgerError).pointer;
      }
    };

    it('may stand beside it, as many as may be and as long as may be; an entry without them is as it was', () => {
      const many = Array.from({ length: publishedValuesMax }, (_, i) => `${String(i).padStart(3, '0')} 上海 =A1 <b>`);
      for (const values of [['上海'], many, ['x'.repeat(publishedValueLengthMax)], ['🏮', '👩‍👩‍👧']]) {
        expect(pointerOf(listed(values))).toBe('taken');
      }
      expect(pointerOf(listed(['1', '10', '2'], { type: 'integer', grade: 'internal' }))).toBe('taken');
      expect(publish.body.description.attributes[0]).not.toHaveProperty('values');
    });

    it.each<[string, unknown]>([
      ['none at all', []],
      ['one too many', Array.from({ length: publishedValuesMax + 1 }, (_, i) => String(i).padStart(3, '0'))],
      ['in the order of how frequent they are', ['Shanghai', 'Beijing']],
      ['twice', ['Beijing', 'Beijing']],
      ['with counts', [{ value: 'Beijing', rows: 51 }]],
    ])('are refused: %s', (_name, values) => {
      expect(pointerOf(listed(values))).toMatch(/^\/body\/description\/attributes\/0\/values/);
    });

    it.each([
      '',
      ' Beijing',
      'Beijing\u3000',
      'a\nb',
      'a\u0085b',
      'a\u2028b',
      '\u202egnijieB',
      'a\u200fb',
      'a\ud800',
      'x'.repeat(publishedValueLengthMax + 1),
    ])('are refused where one is %j', (value) => {
      expect(pointerOf(listed([value]))).toBe('/body/description/attributes/0/values/0');
    });

    it.each([
      { grade: 'personal' },
      { grade: 'sensitive' },
      { type: 'decimal' },
      { type: 'date' },
      { type: 'timestamp' },
    ])('are refused of a column that is %j', (more) => {
      expect(pointerOf(listed(['Beijing'], more))).toBe('/body/description/attributes/0/values');
    });
  });

  it.each([0, 100, 'not-measurable'])('[F26] a density of %s may stand beside a column, or none', (density) => {
    expect(parseEntry(changed(publish, ['body', 'description', 'ids', 0, 'density'], density))).toBeDefined();
    expect(publish.body.description.ids[0]).not.toHaveProperty('density');
  });

  it.each<[string, (string | number)[], unknown]>([
    ['at the top', ['note'], 1],
    ['in the body', ['body', 'rows'], 1],
    ['deep inside', ['body', 'description', 'ids', 0, 'sample'], '13800138000'],
  ])('a field that is not known is refused %s, and its value is not repeated', (_name, path, to) => {
    const pointer = `/${path.join('/')}`;
    expect(() => parseEntry(changed(publish, path, to))).toThrow(
      expect.objectContaining({
        code: 'malformed-entry',
        pointer,
        message: expect.not.stringContaining('13800138000'),
      }),
    );
  });

  it.each([
    ['a key of 31 bytes', 'identityKey', `${'A'.repeat(42)}==`],
    ['a fingerprint in capitals', 'tlsFingerprint', 'AB'.repeat(32)],
    ['a URL as endpoint', 'endpoint', 'https://aurora.example:7443'],
    ['port 0', 'endpoint', 'aurora.example:0'],
    ['port 65536', 'endpoint', 'aurora.example:65536'],
    ['no port', 'endpoint', 'aurora.example'],
  ])('%s of a member is refused', (_name, field, value) => {
    expect(() => parseEntry(changed(joined, ['body', 'member', field], value))).toThrow(
      expect.objectContaining({ code: 'malformed-entry', pointer: `/body/member/${field}` }),
    );
  });

  it('a member need not have an endpoint, and an update must change something', () => {
    expect(() => parseEntry(changed(joined, ['body', 'member', 'endpoint'], undefined))).not.toThrow();
    const update = { ...publish, type: 'member.updated', body: {} };
    expect(() => parseEntry(update)).toThrow(expect.objectContaining({ code: 'malformed-entry', pointer: '/body' }));
  });

  it('an entry at its limit of bytes fits an entry bundle as a record, one byte more is refused', () => {
    const filled = (bytes: number) => {
      const attributes = Array.from({ length: 200 }, () => ({ column: 'c', type: 'text', grade: 'public' as const }));
      const entry = changed(publish, ['body', 'description', 'attributes'], attributes) as typeof publish;
      let missing = bytes - canonicalBytes(entry as never).length;
      for (const attribute of entry.body.description.attributes as unknown as { column: string }[]) {
        // A character of three bytes for as long as three are missing.
        const wide = Math.min(199, Math.floor(missing / 3));
        const narrow = wide < 199 ? Math.min(199 - wide, missing - 3 * wide) : 0;
        attribute.column = `c${'堤'.repeat(wide)}${'c'.repeat(narrow)}`;
        missing -= 3 * wide + narrow;
      }
      return entry;
    };
    const entry = filled(entryBytesMax);
    expect(canonicalBytes(entry as never)).toHaveLength(entryBytesMax);
    const leaf = encodeRecord({ entry: parseEntry(entry), index: 2 ** 53 - 1, sequencedAt: 2 ** 53 - 1 });
    expect(leaf.length).toBeLessThanOrEqual(0xffff);
    expect(decodeRecord(leaf).entry).toEqual(entry);
    expect(() => parseEntry(filled(entryBytesMax + 1))).toThrow(expect.objectContaining({ code: 'entry-too-large' }));
  });
});

describe('what is signed', () => {
  it('[F97] no two different statements of one key give the same bytes', () => {
    const job = { job: 'j', outcome: 'f'.repeat(64) };
    const statements = [
      entrySigningBytes(publish),
      entrySigningBytes({ ...publish, author: 'beacon' }),
      entrySigningBytes({ ...publish, network: 'autumn-fair' }),
      entrySigningBytes(joined),
      memberConsentBytes({ network, member: memberOf('aurora') }),
      memberConsentBytes({ network: 'autumn-fair', member: memberOf('aurora') }),
      jobOutcomeBytes(job),
      jobOutcomeBytes({ ...job, job: 'k' }),
    ].map(bytesToHex);
    expect(new Set(statements).size).toBe(statements.length);
    const headers = statements.map((hex) => bytesToUtf8(Uint8Array.from(Buffer.from(hex, 'hex'))).split('\n')[0]);
    expect(new Set(headers)).toEqual(
      new Set(['causeway/v1/ledger-entry', 'causeway/v1/member-consent', 'causeway/v1/job-outcome']),
    );
  });

  it('[F97] moving text between neighbouring fields changes the bytes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{2,40}$/), fc.nat(), (text, place) => {
        const cut = 1 + (place % (text.length - 1));
        const whole = { ...publish, network: text.slice(0, cut), author: text.slice(cut) };
        const moved = { ...publish, network: text.slice(0, cut + 1), author: text.slice(cut + 1) };
        expect(bytesToHex(entrySigningBytes(whole))).not.toBe(bytesToHex(entrySigningBytes(moved)));
      }),
    );
  });

  it('nothing is signed that has not the right form', () => {
    const wrong = { dataset: 'CRM' };
    expect(() =>
      signEntry({ network, author: 'aurora', atMs: startMs, type: 'dataset.withdrawn', body: wrong }, keysOf('aurora')),
    ).toThrow(expect.objectContaining({ code: 'malformed-entry', pointer: '/body/dataset' }));
  });
});

describe('the leaf of a record', () => {
  it('is canonical JSON, and no other spelling of the same record is read', () => {
    const leaf = encodeRecord({ entry: publish, index: 7, sequencedAt: startMs });
    const text = bytesToUtf8(leaf);
    expect(decodeRecord(leaf)).toEqual({ entry: publish, index: 7, sequencedAt: startMs });
    for (const other of [
      ` ${text}`,
      text.replace('"index":7', '"index":7.0'),
      text.replace('crm', '\\u0063rm'),
      JSON.stringify(JSON.parse(text).entry),
    ]) {
      expect(() => decodeRecord(utf8ToBytes(other))).toThrow(expect.objectContaining({ code: 'malformed-record' }));
    }
    expect(() => decodeRecord(utf8ToBytes(text.replace('"index":7', '"index":7,"index":7')))).toThrow(
      expect.objectContaining({ code: 'malformed-record', pointer: '/index' }),
    );
    expect(() => decodeRecord(Uint8Array.of(0xff))).toThrow(expect.objectContaining({ code: 'malformed-record' }));
  });

  it('of every type of entry reads back equal', () => {
    const net = TestNetwork.with('aurora', 'beacon');
    const agreement = net.agree(['aurora', 'beacon']);
    net.post('aurora', 'job.started', { job: 'j', agreement });
    net.post('aurora', 'job.finished', net.finished('j', ['aurora', 'beacon']));
    for (const record of net.records) expect(decodeRecord(encodeRecord(record))).toEqual(record);
  });
});

describe('small forms', () => {
  it('times are whole seconds of UTC, both ways', () => {
    expect(formatTime(startMs + 999)).toBe('2025-06-30T08:00:00Z');
    expect(parseTime('2025-06-30T08:00:00Z')).toBe(startMs);
    expect(() => parseTime('2025-06-31T08:00:00Z')).toThrow(RangeError);
  });

  it.each([
    [0, 0],
    [999, 0],
    [1000, 1000],
    [1049, 1000],
    [1050, 1100],
    [99_499, 99_000],
    [99_500, 100_000],
    [123_456_789, 120_000_000],
  ])('%d rows are about %d', (rows, about) => {
    expect(roundRowsAbout(rows)).toBe(about);
    expect(roundRowsAbout(about)).toBe(about);
  });
});
