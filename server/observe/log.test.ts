import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanText, type LogFields } from './fields.ts';
import { createLog, type LogOptions } from './log.ts';

const home = mkdtempSync(join(tmpdir(), 'causeway-log-'));
afterAll(() => rmSync(home, { recursive: true }));

function capture(options: Partial<LogOptions> = {}) {
  let text = '';
  const log = createLog({
    now: () => 0,
    stderr: {
      write: (line) => {
        text += line;
      },
    },
    stderrLevel: 'debug',
    ...options,
  });
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

/** What must never be in a log: one of each, as they look in the wild. */
const canaries = [
  ['a mobile', '13800138000'],
  ['a mobile as people write it', '+86 138-0013-8000'],
  ['a mobile in full-width digits', '１３８００１３８０００'],
  ['an e-mail', 'li.lei+news@example.com.cn'],
  ['an MD5', 'f2d5a650733ca8c27d502b1c08da14e5'],
  ['a SHA-256 in upper case', 'B4C9A289323B21A01C3E940F150EB9B8C542587F1ABFD8F0E1CC1FFC5E475514'],
  ['a SHA-256 in Base64', 'ku4mBX7Z3qJTXWyLFB1INzkyR2WZGW4ANSJUiW21iI8='],
  ['an IMEI', '868049039501257'],
  ['an IDFA', 'FF1999CD-7177-4937-A474-74937A102630'],
  ['a MAC', '02:1a:2b:3c:4d:5e'],
  ['a token', 'cwy_abcdefghijklmnopqrstuvwxyz'],
  ['an invite', 'causeway:AAECAwQFBgcICQoLDA0ODw'],
] as const;
const around = (canary: string) => `row "${canary}" failed`;

describe('[F64] what a log line may hold', () => {
  it.each(canaries)('%s never gets into any field, message, cause or stack', (_name, canary) => {
    const { log, text } = capture();
    const error = new RangeError(around(canary), { cause: new Error(around(canary)) });
    const fields: Record<string, unknown> = {
      detail: around(canary),
      path: `/data/${canary}.csv`,
      job: canary,
      stage: canary,
      code: canary,
      peer: canary,
      phone: canary,
      [canary]: 1,
      rows: canary,
      error,
    };
    log.info('import failed', fields as LogFields);
    log.with(fields as LogFields).warn('again');
    expect(text()).toContain('import failed');
    expect(text()).not.toContain(canary);
  });

  it('a password in a URL is blanked', () => {
    for (const host of ['127.0.0.1:5432', 'db.example.com']) {
      expect(cleanText(`postgresql://causeway:hunter2@${host}/x failed`)).not.toContain('hunter2');
    }
  });

  it('the check itself sees what it looks for: an honest field comes through', () => {
    const { log, lines } = capture();
    log.info('job ended', {
      job: 'j-1',
      peer: 'aurora-motors',
      code: 'link-lost',
      rows: 1_000_000,
      detail: 'row 12 of crm.csv',
    });
    expect(lines()).toEqual([
      {
        level: 'info',
        time: '1970-01-01T00:00:00.000Z',
        job: 'j-1',
        peer: 'aurora-motors',
        code: 'link-lost',
        rows: 1_000_000,
        detail: 'row 12 of crm.csv',
        event: 'job ended',
      },
    ]);
  });

  it.each([
    ['bytes', new Uint8Array(32)],
    ['an object', { phone: 1 }],
    ['an array', ['13800138000']],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['a function', () => 1],
  ])('%s is left out, and the line says that something was', (_name, value) => {
    const { log, lines } = capture();
    log.info('x', { detail: value, rows: value } as unknown as LogFields);
    expect(lines()[0]).toEqual({ level: 'info', time: expect.any(String), dropped: 2, event: 'x' });
  });

  it('a long hexadecimal id is cut to what is enough to find it', () => {
    const { log, lines } = capture();
    log.info('x', { agreement: 'ab'.repeat(32) });
    expect(lines()[0].agreement).toBe('abababababab');
    log.info('x', { job: '7d0f7c1e-58a1-4f44-9a5c-0b0c3f1f2a3b' });
    expect(lines()[1].job).toBe('7d0f7c1e-58a');
  });

  it('any text whatever gives one line of one object', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\r\n', '\u2028', '\u0085', '\u001b[31m', '\u202e'),
        (text, mark) => {
          const { log, text: written, lines } = capture();
          log.info('x', { detail: `${text}${mark}{"level":"error","event":"forged"}`, error: new Error(text + mark) });
          expect(lines()).toHaveLength(1);
          expect(lines()[0].event).toBe('x');
          expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/.test(written())).toBe(false);
        },
      ),
    );
  });

  it('words, numbers of rows and paths stay readable', () => {
    for (const text of ['file crm.csv, row 12345', '长堤 started on 127.0.0.1:8443', '12.5 % of 1 M rows in 3.25 s']) {
      expect(cleanText(text)).toBe(text);
    }
  });
});

describe('[F64] a flood', () => {
  it('of one event is held back and told, and hides no other event', () => {
    let now = 1000;
    const { log, lines } = capture({ now: () => now, linesPerSecondMax: 10 });
    for (let i = 0; i < 100_000; i++) log.warn('link lost', { peer: 'b' });
    log.warn('disk full');
    now = 2000;
    log.info('still here');
    const events = lines().map((line) => line.event);
    expect(events.filter((event) => event === 'link lost')).toHaveLength(10);
    expect(events.slice(10)).toEqual(['disk full', 'lines of one event held back', 'still here']);
    expect(lines().find((line) => line.event.startsWith('lines'))).toMatchObject({
      of: 'warn link lost',
      count: 99_990,
    });
  });

  it('never takes more disk than its files may', () => {
    const folder = join(home, 'flood');
    const log = createLog({
      home: folder,
      now: () => 0,
      stderrLevel: 'silent',
      bytesMax: 5000,
      keptMax: 3,
      linesPerSecondMax: 1e6,
    });
    for (let i = 0; i < 2000; i++) log.info('line', { index: i });
    log.close();
    const names = readdirSync(join(folder, 'logs')).sort();
    expect(names).toEqual(['causeway.log', 'causeway.log.1', 'causeway.log.2', 'causeway.log.3']);
    for (const name of names) {
      const { size, mode } = statSync(join(folder, 'logs', name));
      expect(size).toBeLessThanOrEqual(5000);
      expect(mode & 0o077).toBe(0);
    }
    const all = names.reverse().flatMap((name) =>
      readFileSync(join(folder, 'logs', name), 'utf8')
        .trimEnd()
        .split('\n'),
    );
    const indices = all.map((line) => JSON.parse(line).index as number);
    expect(indices).toEqual(Array.from({ length: indices.length }, (_, i) => 2000 - indices.length + i));
  });
});

describe('a log file that cannot be written', () => {
  it('[F54][F55] does not stop the node, and is told on stderr', () => {
    writeFileSync(join(home, 'logs'), 'a file where the folder should be');
    const { log, lines } = capture({ home });
    log.info('one');
    log.info('two');
    log.close();
    expect(lines().map((line) => line.event)).toEqual(['one', 'two', 'log lines could not be written']);
    expect(lines()[2].count).toBe(2);
  });
});
