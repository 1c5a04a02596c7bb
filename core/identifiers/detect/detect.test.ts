import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Detection, detect } from '../index.ts';
import { random } from '../test-inputs.ts';

const next = random(3);
const many = (make: (i: number) => string, count = 200) => Array.from({ length: count }, (_, i) => make(i));
const digits = (count: number) => Array.from({ length: count }, () => next(10)).join('');
const hex = (count: number) => Array.from({ length: count }, () => next(16).toString(16)).join('');
const hash = (name: string, text: string) => createHash(name).update(text).digest('hex');

const mobiles = many(() => `1${3 + next(7)}${digits(9)}`);
const mails = many((i) => `user.${i}@${['qq.com', 'gmail.com', '163.com'][i % 3]}`);
const uuids = many(() => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`);
const imeis = many(() => {
  const body = `86${digits(12)}`;
  const sum = [...body].reduce(
    (total, digit, i) => total + (i % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]!),
    0,
  );
  return body + ((10 - (sum % 10)) % 10);
});
const openids = many(() => `o${digits(9)}AbCd-_${hex(12)}`);

function seen(name: string, cells: readonly (string | null)[]): Detection {
  return detect({ name, cells });
}

describe('a plain column', () => {
  it.each<[string, readonly string[], string | null, Detection['evidence']]>([
    ['mobile', mobiles, 'phone', 'both'],
    ['手机号', mobiles, 'phone', 'both'],
    ['客户联系方式', mobiles, 'phone', 'both'],
    ['phoneNumber', mobiles, 'phone', 'both'],
    ['column7', mobiles, 'phone', 'cells'],
    ['', mobiles, 'phone', 'cells'],
    ['order_no', mobiles, null, 'none'],
    ['order_id', many((i) => `O${i}`), null, 'none'],
    ['click_id', many((i) => `K${i}`), null, 'none'],
    ['id', many((i) => `${i}`), 'custom', 'both'],
    ['hotel', many((i) => `Hotel ${i}`), null, 'none'],
    ['E-Mail Address', mails, 'email', 'both'],
    ['邮箱', mails, 'email', 'both'],
    ['contact', mails, 'email', 'cells'],
    // Columns swapped by mistake: what the cells are wins.
    ['email', mobiles, 'phone', 'cells'],
    ['IDFA', uuids, 'idfa', 'both'],
    ['device', uuids.map((id) => id.toUpperCase()), 'idfa', 'cells'],
    ['oaid', uuids, 'oaid', 'both'],
    ['device', imeis, 'imei', 'cells'],
    ['MEID', many(() => `a0${hex(12)}`), 'imei', 'both'],
    ['wifi', many(() => hex(12).replace(/..(?!$)/g, '$&:')), 'mac', 'cells'],
    ['user_id', many((i) => String(1000 + i)), 'custom', 'both'],
    ['会员编号', many((i) => `V${1000 + i}`), 'custom', 'both'],
    ['cookie_id', many(() => hex(24)), 'cookie', 'both'],
    ['city', many((i) => ['上海', '北京', '深圳'][i % 3]!), null, 'none'],
    ['age', many((i) => String(18 + (i % 60))), null, 'none'],
    ['amount', many((i) => `${i}.50`), null, 'none'],
    ['registered', many((i) => `2024-01-${10 + (i % 20)} 12:00:00`), null, 'none'],
    ['code', many(() => digits(8)), null, 'none'],
    ['code', many(() => `9${digits(14)}`), null, 'none'],
  ])('%s', (name, cells, profile, evidence) =>
    expect(seen(name, cells)).toMatchObject({ profile, evidence, mixed: false }),
  );

  it('numbers of other countries suggest E.164', () => {
    const abroad = many((i) => (i % 4 === 0 ? '+85291234567' : mobiles[i]!));
    expect(seen('mobile', abroad)).toMatchObject({ profile: 'phone:e164', alternatives: ['phone'] });
    expect(
      seen(
        'x',
        many(() => '+85291234567'),
      ).profile,
    ).toBe('phone:e164');
  });

  it('asks for what only a person knows', () => {
    expect(seen('openid', openids)).toMatchObject({ type: 'openid', profile: null, evidence: 'both' });
    expect(seen('x', openids).sentences.map(({ en }) => en)).toContain('add whose it is: openid@ID');
    expect(
      seen(
        'CAID',
        many(() => hex(32)),
      ).sentences.map(({ en }) => en),
    ).toContain('add the CAID version: caid@20220111');
  });

  it('an empty column and one without a name are judged too', () => {
    expect(seen('', [])).toMatchObject({ profile: null, type: null, counts: { cells: 0 } });
    expect(seen('phone', [null, '', ' '])).toMatchObject({
      profile: 'phone',
      evidence: 'name',
      counts: { cells: 3, empty: 3 },
    });
  });
});

describe('[F10] a hashed column', () => {
  const md5 = mobiles.map((text) => hash('md5', text));
  const sha256 = mobiles.map((text) => hash('sha256', text));
  const sm3 = mobiles.map((text) => hash('sm3', text));

  it.each<[string, readonly string[], string | null, string]>([
    ['mobile', sha256, 'phone/sha256', 'this column looks like SHA-256 (64 hex)'],
    ['mobile', md5, 'phone/md5', 'this column looks like MD5 (32 hex)'],
    [
      '手机号MD5',
      md5.map((text) => text.toUpperCase()),
      'phone/md5',
      'this column looks like MD5 (32 hex, upper-case)',
    ],
    ['phone_sm3', sm3, 'phone/sm3', 'this column looks like SHA-256 (64 hex)'],
    [
      'email_sha256',
      sha256.map((text) => Buffer.from(text, 'hex').toString('base64')),
      'email/sha256',
      'this column looks like SHA-256 (Base64)',
    ],
    ['oaid_md5_sha256', sha256, 'oaid/md5+sha256', 'this column looks like SHA-256 (64 hex)'],
    ['oaid', md5, 'oaid/md5', 'this column looks like MD5 (32 hex)'],
    ['hash', md5, null, 'this column looks like MD5 (32 hex)'],
  ])('%s', (name, cells, profile, sentence) => {
    const detection = seen(name, cells);
    expect(detection.profile).toBe(profile);
    expect(detection.sentences[0]!.en).toBe(sentence);
  });

  it('other algorithms of the same length stay in sight', () => {
    expect(seen('mobile', sha256).alternatives).toEqual(['phone/sm3', 'phone/md5+sha256']);
    expect(
      seen(
        'mobile',
        mobiles.map((text) => hash('sha1', text)),
      ),
    ).toMatchObject({ profile: null, digest: { bytes: 20 } });
  });

  it('letter case is told', () => {
    const both = md5.map((text, i) => (i % 2 === 0 ? text : text.toUpperCase()));
    expect(seen('mobile', both).digest).toEqual({ bytes: 16, encoding: 'hex', letterCase: 'mixed' });
  });

  it.each([
    ['MD5 with SHA-256', [...md5, ...sha256]],
    ['a few SHA-256 among MD5', [...md5, ...sha256.slice(0, 4)]],
    ['plain text with MD5', [...mobiles, ...md5.slice(0, 50)]],
    ['MD5 with plain text', [...mobiles.slice(0, 50), ...md5]],
  ])('a mixture is refused: %s', (_, cells) => {
    for (const name of ['mobile', 'column3']) expect(seen(name, cells)).toMatchObject({ mixed: true, profile: null });
  });

  it('names the parts of a mixture', () => {
    const { sentences } = seen('mobile', [...md5, ...sha256, ...mobiles.slice(0, 9)]);
    expect(sentences[0]!.en).toBe(
      'this column mixes MD5 (32 hex) and SHA-256 (64 hex) and plain text: give each form its own column',
    );
    expect(sentences[0]!.zh).toContain('混有');
  });
});

describe('what spoils a column is counted', () => {
  it('[F5] [F8] spreadsheet damage, placeholders, empty and changed cells', () => {
    const cells = [
      ...mobiles.slice(0, 90),
      '1.38E+10',
      '13800138000.0',
      '11111111111',
      'NULL',
      '无',
      '',
      null,
      '+86 13912345678',
      '１３９１２３４５６７８',
    ];
    expect(seen('mobile', cells)).toMatchObject({
      profile: 'phone',
      counts: { cells: 99, empty: 2, placeholder: 3, damaged: 2, accepted: 92, changed: 2, mostFrequent: 2 },
    });
    expect(seen('mobile', cells).sentences.map(({ en }) => en)).toContain(
      '2 of 99 cells were damaged by a spreadsheet and cannot be matched',
    );
  });

  it('one value in many cells is told', () => {
    const { sentences } = seen('mobile', [...mobiles, ...many(() => '13800000000', 20)]);
    expect(sentences.at(-1)!.en).toBe('one value stands in 20 of 220 cells: shared or invented');
  });

  it('no sentence holds a cell', () => {
    const cells = ['13912345678', 'wang@qq.com', 'NULL', '1.39E+10', ...mobiles];
    const said = JSON.stringify(seen('mobile', cells));
    for (const cell of ['13912345678', 'wang', ...mobiles]) expect(said).not.toContain(cell);
  });
});
