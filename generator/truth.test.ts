/** The files, read by another reader and joined in the obvious way, against the truth beside them. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normaliser, parseProfile } from '@causeway/core/identifiers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GenerateReport, generate } from './generate.ts';
import type { GenerateOptions } from './options.ts';
import { rates } from './rates.ts';
import { type IdRow, joinFiles } from './testing/plain-join.ts';
import { readCsv } from './testing/read-csv.ts';

type Rows = readonly Readonly<Record<string, string>>[];

interface Files {
  readonly report: GenerateReport;
  readonly crm: Rows;
  readonly orders: Rows;
  readonly users: Rows;
  readonly exposures: Rows;
  readonly clicks: Rows;
  readonly truth: Rows;
}

const people = 20_000;
const seed = 20_250_601;
let scratch: string;
let plain: Files;

async function make(options: Partial<GenerateOptions>): Promise<Files> {
  const out = await mkdtemp(join(scratch, 'run-'));
  const report = await generate({ people, seed, out, ...options });
  const read = (name: string) => readCsv(join(out, name));
  return {
    report,
    crm: await read('crm.csv'),
    orders: await read('orders.csv'),
    users: await read('users.csv'),
    exposures: await read('exposures.csv'),
    clicks: await read('clicks.csv'),
    truth: await read('truth.csv'),
  };
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'causeway-truth-'));
  plain = await make({});
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
});

/** A Chinese mobile's 11 digits, written apart from the product's rules. */
function mobileOf(text: string): string | null {
  if (/e\+|\.0$|[a-z]/i.test(text)) return null;
  const digits = text
    .normalize('NFKC')
    .replaceAll(/[\s\u200b()'-]/g, '')
    .replace(/^(\+|00)?86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(digits) ? digits : null;
}

function emailOf(text: string): string | null {
  const address = text.trim().toLowerCase();
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address) ? address : null;
}

function productRule(profile: string): (text: string) => string | null {
  const rule = normaliser(parseProfile(profile));
  return (text) => {
    const result = rule(text);
    return result.ok ? result.value : null;
  };
}

/** The person of each row, from the truth's row numbers. */
function owners(files: Files, column: 'crm_rows' | 'users_rows'): Map<number, number> {
  const map = new Map<number, number>();
  for (const row of files.truth) {
    for (const at of row[column]!.split(';')) if (at !== '') map.set(Number(at), Number(row.person));
  }
  return map;
}

interface Rule {
  readonly phone: (text: string) => string | null;
  readonly email: (text: string) => string | null;
}

function idRows(rows: Rows, phoneColumn: 'mobile' | 'phone', owner: Map<number, number>, rule: Rule): IdRow[] {
  return rows.map((row, at) => ({
    person: owner.get(at)!,
    phone: rule.phone(row[phoneColumn]!),
    email: rule.email(row.email!),
  }));
}

const rulesOfTheProduct: Rule = { phone: productRule('phone'), email: productRule('email') };
const rulesWrittenHere: Rule = { phone: mobileOf, email: emailOf };

describe('the truth', () => {
  it.each([
    ['as written in this test', rulesWrittenHere],
    ['of the product', rulesOfTheProduct],
  ])('is what a plain join of the files finds under the rules %s [F5, F6, F8, F9]', (_, rule) => {
    const crm = idRows(plain.crm, 'mobile', owners(plain, 'crm_rows'), rule);
    const users = idRows(plain.users, 'phone', owners(plain, 'users_rows'), rule);
    expect(joinFiles(crm, users, { uid2: true })).toEqual(plain.report.truth.expected);
  });

  it.each(['md5', 'sha256'] as const)(
    'is what a plain join finds where the users are %s digests',
    async (algorithm) => {
      const files = await make({ userIds: algorithm });
      const digest = (text: string | null) => text && createHash(algorithm).update(text).digest('hex');
      const ofCrm: Rule = { phone: (text) => digest(mobileOf(text)), email: (text) => digest(emailOf(text)) };
      const hex = (text: string) => (/^[0-9a-f]{32,64}$/i.test(text) ? text.toLowerCase() : null);
      const product = productRule(`phone/${algorithm}`);
      const crm = idRows(files.crm, 'mobile', owners(files, 'crm_rows'), ofCrm);
      const users = idRows(files.users, 'phone', owners(files, 'users_rows'), { phone: hex, email: hex });
      expect(joinFiles(crm, users, { uid2: false })).toEqual(files.report.truth.expected);
      for (const row of files.users)
        if (product(row.phone!) !== hex(row.phone!)) expect.fail('the product reads it otherwise');
      expect(files.report.truth.expected.waterfall.people).toBeGreaterThan(0.7 * files.report.truth.sizes.overlap);
    },
  );

  it('gives every row to one person, and a row’s usable identifiers are that person’s', () => {
    for (const [rows, column, phone] of [
      [plain.crm, 'crm_rows', 'mobile'],
      [plain.users, 'users_rows', 'phone'],
    ] as const) {
      const owner = owners(plain, column);
      expect(owner.size).toBe(rows.length);
      let own = 0;
      let usable = 0;
      for (const [at, row] of rows.entries()) {
        const truth = plain.truth[owner.get(at)!]!;
        const mobile = mobileOf(row[phone]!);
        if (mobile === null) continue;
        usable++;
        if (mobile === truth.mobile) own++;
      }
      // The others hold the person's former number: 200 of 9,200 and 300 of 8,500.
      expect(own / usable).toBeGreaterThan(0.95);
      expect(own / usable).toBeLessThan(0.99);
    }
  });

  it('names for each person the identifier that matches first', () => {
    const matched = (by: string) => plain.truth.filter((row) => row.matched_by === by).length;
    expect(matched('phone') + matched('email')).toBe(plain.report.truth.expected.waterfall.people);
    const crm = new Set(plain.crm.map((row) => mobileOf(row.mobile!)));
    const users = new Set(plain.users.map((row) => mobileOf(row.phone!)));
    for (const row of plain.truth) {
      if (row.matched_by !== 'phone' && crm.has(row.mobile!) && users.has(row.mobile!))
        expect.fail('a match is missing');
    }
    expect(matched('email')).toBeGreaterThan(0);
  });

  it('keeps identifiers apart: no usable one belongs to two people', () => {
    for (const rule of [rulesWrittenHere, rulesOfTheProduct]) {
      const holders = new Map<string, number>();
      for (const [rows, column, phone] of [
        [plain.crm, 'crm_rows', 'mobile'],
        [plain.users, 'users_rows', 'phone'],
      ] as const) {
        for (const row of idRows(rows, phone, owners(plain, column), rule)) {
          for (const id of [row.phone, row.email]) {
            if (id === null) continue;
            if ((holders.get(id) ?? row.person) !== row.person) expect.fail('two people share an identifier');
            holders.set(id, row.person);
          }
        }
      }
    }
  });
});

describe('numbers', () => {
  it('of customers and users come twice only where the whole row does', () => {
    for (const [rows, id] of [
      [plain.crm, 'customer_id'],
      [plain.users, 'user_id'],
    ] as const) {
      const seen = new Map<string, string>();
      let repeated = 0;
      for (const row of rows) {
        const text = JSON.stringify(row);
        const earlier = seen.get(row[id]!);
        if (earlier !== undefined) {
          expect(text).toBe(earlier);
          repeated++;
        }
        seen.set(row[id]!, text);
      }
      expect(repeated).toBeGreaterThan(0);
    }
  });

  it('[F117] of orders come again some rows later: the same row, or the same order refunded', () => {
    const seen = new Map<string, { at: number; row: Readonly<Record<string, string>> }>();
    let same = 0;
    let refunded = 0;
    for (const [at, row] of plain.orders.entries()) {
      const earlier = seen.get(row.order_id!);
      if (earlier !== undefined) {
        expect(at - earlier.at).toBeGreaterThan(at > plain.orders.length - 600 ? 0 : 400);
        if (earlier.row.status === row.status) same++;
        else {
          expect([earlier.row.status, row.status]).toEqual(['paid', 'refunded']);
          refunded++;
        }
        expect({ ...row, status: '' }).toEqual({ ...earlier.row, status: '' });
      }
      if (earlier === undefined) seen.set(row.order_id!, { at, row });
    }
    near(same, rates.orders.repeatedRows, seen.size);
    expect(refunded).toBeGreaterThan(0);
    const customers = new Set(plain.crm.map((row) => row.customer_id));
    expect(plain.orders.every((row) => customers.has(row.customer_id))).toBe(true);
  });
});

/** A count of chances of `basisPoints` among `of`, within five standard deviations. */
function near(count: number, basisPoints: number, of: number, what = ''): void {
  const p = basisPoints / 10_000;
  expect(Math.abs(count - of * p), `${what}: ${count} of ${of}`).toBeLessThan(5 * Math.sqrt(of * p * (1 - p)) + 1);
}

describe('damage is as frequent as the table says', () => {
  const mobile = { ...rates.crm.mobile };
  const written = mobile.current + mobile.former;
  const writing = (basisPoints: number) => (basisPoints * written) / 10_000;

  it.each([
    ['empty', /^$/, mobile.empty],
    ['placeholder', /^(11111111111|00000000000|12345678901|NULL|无|N\/A|-)$/, mobile.placeholder],
    ['trailing .0', /^1\d{10}\.0$/, mobile.trailingZero],
    ['scientific', /^1\.\d+E\+10$/, mobile.scientific],
    ['landline', /^0\d{2,3}-\d{8}$/, mobile.landline],
    ['ten digits', /^1\d{9}$/, mobile.tooShort],
    ['letter O', /^1\d{9}O$/, mobile.letter],
    ['spaces', /^1\d\d \d{4} \d{4}$/, writing(rates.crm.mobileWriting.spaces)],
    ['hyphens', /^1\d\d-\d{4}-\d{4}$/, writing(rates.crm.mobileWriting.hyphens)],
    ['+86', /^\+86 ?1\d{10}$/, writing(rates.crm.mobileWriting.plus86)],
    ['0086', /^0086-?1\d{10}$/, writing(rates.crm.mobileWriting.idd0086)],
    ['86', /^861\d{10}$/, writing(rates.crm.mobileWriting.bare86)],
    ['(86)', /^\(86\)1\d{10}$/, writing(rates.crm.mobileWriting.brackets86)],
    ['full width', /^[０-９]{11}$/, writing(rates.crm.mobileWriting.fullWidth)],
    ['apostrophe', /^'1\d{10}$/, writing(rates.crm.mobileWriting.apostrophe)],
    ['padded', /^( 1\d{10}|1\d{10} )$/, writing(rates.crm.mobileWriting.padded)],
    ['zero-width space', /^1\d{10}\u200b$/, writing(rates.crm.mobileWriting.zeroWidthSpace)],
    ['an e-mail', /@/, rates.crm.swappedColumns * 0.83],
  ])('in the mobile column: %s', (what, pattern, basisPoints) => {
    near(plain.crm.filter((row) => pattern.test(row.mobile!)).length, basisPoints, plain.crm.length, what);
  });

  it('in the e-mail column', () => {
    const { email, emailWriting } = rates.crm;
    const count = (pattern: RegExp) => plain.crm.filter((row) => pattern.test(row.email!)).length;
    const written = (email.primary + email.alternate) / 10_000;
    near(count(/^$/), email.empty, plain.crm.length, 'empty');
    near(count(/^(NULL|无|N\/A|none|-)$/), email.placeholder, plain.crm.length, 'placeholder');
    near(count(/@@|^[a-z0-9._+]+\.com$/), email.malformed, plain.crm.length, 'malformed');
    near(count(/^[^a-z]+@[^a-z]+$/), emailWriting.upperCase * written, plain.crm.length, 'upper case');
    near(count(/^ .* $/), emailWriting.padded * written, plain.crm.length, 'padded');
    const gmail = plain.crm.filter((row) => /^[a-z0-9.+]+@gmail\.com$/.test(row.email!));
    near(gmail.filter((row) => /\..*@/.test(row.email!)).length, rates.gmailWriting.dotted, gmail.length, 'dotted');
    near(gmail.filter((row) => /\+/.test(row.email!)).length, rates.gmailWriting.tagged, gmail.length, 'tagged');
  });

  it('in the other columns of the customers [F2, F3, F14, F113]', () => {
    const count = (column: string, pattern: RegExp) => plain.crm.filter((row) => pattern.test(row[column]!)).length;
    const { name, age, city, sex } = rates.crm;
    near(count('name', /\r\n/), name.newline, plain.crm.length, 'newline');
    near(count('name', /"/), name.quotes, plain.crm.length, 'quotes');
    near(count('name', /^[^=]*,/), name.comma, plain.crm.length, 'comma');
    near(count('name', /^=/), name.formula, plain.crm.length, 'formula');
    near(count('name', /[\u{10000}-\u{10ffff}]/u), name.rareCharacter, plain.crm.length, 'rare character');
    near(count('age', /^(0|130)$/), age.impossible, plain.crm.length, 'impossible age');
    near(count('city', /市$/), city.withSuffix, plain.crm.length, 'city with suffix');
    near(count('sex', /^[MF]$/), sex.letter, plain.crm.length, 'sex as a letter');
  });

  it('in the users', () => {
    const { phone, phoneWriting, email } = rates.users;
    const count = (column: string, pattern: RegExp) => plain.users.filter((row) => pattern.test(row[column]!)).length;
    const written = (phone.current + phone.former) / 10_000;
    near(count('phone', /^$/), phone.empty, plain.users.length, 'no phone');
    near(count('phone', /^\+861\d{10}$/), phoneWriting.plus86 * written, plain.users.length, '+86');
    near(count('phone', /^1\d{10}$/), phoneWriting.plain * written, plain.users.length, 'plain');
    near(count('email', /^$/), email.empty, plain.users.length, 'no e-mail');
    const apple = plain.users.filter((row) => row.idfa !== '');
    near(apple.filter((row) => /^[0-]+$/.test(row.idfa!)).length, rates.users.idfa.zero, apple.length, 'IDFA refused');
    near(count('holdout', /^1$/), rates.campaign.holdout, plain.users.length, 'hold-out');
  });
});

describe('crm.csv in GB18030', () => {
  it('[F2] is the same text in the other encoding, without a byte order mark', async () => {
    const options = { people, seed, out: join(scratch, 'gb18030'), crmEncoding: 'gb18030' } as const;
    const report = await generate(options);
    const strict = new TextDecoder('gb18030', { fatal: true });
    const text = strict.decode(await readFile(join(report.folder, 'crm.csv')));
    const bytes = await readFile(join(plain.report.folder, 'crm.csv'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text).toBe(bytes.subarray(3).toString('utf8'));
  });
});

describe('the campaign', () => {
  const launch = Date.UTC(2025, 5, 1, -8) / 1000;
  const end = launch + 30 * 86_400;
  const beijing = (time: string) => Date.parse(`${time.replace(' ', 'T')}+08:00`) / 1000;

  it('bought as the truth says: a paid order in the window, never refunded', () => {
    const refunded = new Set(plain.orders.filter((row) => row.status !== 'paid').map((row) => row.order_id));
    const buyers = new Set<string>();
    for (const row of plain.orders) {
      const time = beijing(row.time!);
      if (time >= launch && time < end && !refunded.has(row.order_id)) buyers.add(row.customer_id!);
    }
    const groups = { exposed: [0, 0], unreached: [0, 0], holdout: [0, 0], '': [0, 0] } as Record<
      string,
      [number, number]
    >;
    for (const row of plain.truth) {
      if (row.crm_rows === '') continue;
      const bought = row.crm_rows!.split(';').some((at) => buyers.has(plain.crm[Number(at)]!.customer_id!));
      expect(row.bought).toBe(bought ? '1' : '0');
      groups[row.campaign_group!]![0]++;
      if (bought) groups[row.campaign_group!]![1]++;
    }
    const told = plain.report.truth.campaign.groups;
    expect(groups).toEqual({
      exposed: [told.exposed.customers, told.exposed.bought],
      unreached: [told.unreached.customers, told.unreached.bought],
      holdout: [told.holdout.customers, told.holdout.bought],
      '': [told.none.customers, told.none.bought],
    });
  });

  it('was shown to whom the truth says, never to the hold-out, and purchases follow within 15 days', () => {
    const first = new Map<string, number>();
    for (const row of plain.exposures) {
      if (row.campaign !== 'aurora-launch') continue;
      const time = Number(row.time);
      if (time < launch || time >= end) expect.fail('an exposure outside the window');
      first.set(row.user_id!, Math.min(time, first.get(row.user_id!) ?? time));
    }
    const bought = new Map<string, number>();
    for (const row of plain.orders) {
      const time = beijing(row.time!);
      if (time >= launch && time < end) bought.set(row.customer_id!, time);
    }
    for (const row of plain.truth) {
      if (row.users_rows === '') continue;
      const accounts = row.users_rows!.split(';').map((at) => plain.users[Number(at)]!);
      const times = accounts.flatMap((account) => first.get(account.user_id!) ?? []);
      expect(times.length > 0).toBe(row.campaign_group === 'exposed');
      expect(accounts.every((account) => account.holdout === (row.campaign_group === 'holdout' ? '1' : '0'))).toBe(
        true,
      );
      if (row.campaign_group !== 'exposed' || row.bought !== '1') continue;
      const purchases = row.crm_rows!.split(';').flatMap((at) => bought.get(plain.crm[Number(at)]!.customer_id!) ?? []);
      const delay = Math.max(...purchases) - Math.min(...times);
      if (!(delay > 0 && delay <= 15 * 86_400)) expect.fail('a purchase outside the attribution window');
    }
  });

  it('[F119] has the effect that it was given: the hold-out against the exposed', () => {
    const { groups, bought, relativeLiftPercent } = plain.report.truth.campaign;
    near(groups.holdout.bought, bought.unexposed, groups.holdout.customers, 'hold-out');
    near(groups.unreached.bought, bought.unexposed, groups.unreached.customers, 'unreached');
    near(groups.exposed.bought, bought.exposed, groups.exposed.customers, 'exposed');
    expect(relativeLiftPercent).toBe(50);
    // And it shows at this size: the difference is more than three of its standard deviations.
    const rate = (group: 'exposed' | 'holdout') => groups[group].bought / groups[group].customers;
    const variance = (group: 'exposed' | 'holdout') => (rate(group) * (1 - rate(group))) / groups[group].customers;
    const spread = Math.sqrt(variance('exposed') + variance('holdout'));
    expect((rate('exposed') - rate('holdout')) / spread).toBeGreaterThan(3);
  });

  it('[F120] is visited by bots that users.csv does not know, and rows are logged twice', () => {
    const accounts = new Set(plain.users.map((row) => row.user_id));
    const { bots, exposures, clicks } = plain.report.truth.invalidTraffic;
    for (const [rows, id, told, repeats] of [
      [plain.exposures, 'exposure_id', exposures, rates.events.repeatedExposures],
      [plain.clicks, 'click_id', clicks, rates.events.repeatedClicks],
    ] as const) {
      const distinct = new Map(rows.map((row) => [row[id]!, row]));
      const byBots = [...distinct.values()].filter((row) => !accounts.has(row.user_id!));
      expect(byBots.length).toBe(told);
      expect(new Set(byBots.map((row) => row.user_id)).size).toBeLessThanOrEqual(bots);
      near(rows.length - distinct.size, repeats, distinct.size, id);
    }
    const exposureBots = plain.exposures.filter((row) => !accounts.has(row.user_id!));
    expect(new Set(exposureBots.map((row) => row.user_id)).size).toBe(bots);
    for (const row of plain.clicks) {
      expect(row.ip!.startsWith('198.51.100.')).toBe(!accounts.has(row.user_id!));
    }
  });
});
