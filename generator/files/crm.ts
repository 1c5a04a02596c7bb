/** `crm.csv`: the advertiser's customers, with everything that a spreadsheet and many hands do to such a list. */

import { Draw } from '@causeway/core/random';
import { registrationDays, writeDate } from '../calendar.ts';
import { cities } from '../people/cities.ts';
import { givenCharacters, rareCharacters, surnames } from '../people/names.ts';
import { Person } from '../people/person.ts';
import { mobileIndex, type Population } from '../population.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';
import { CrmCells } from './crm-cells.ts';
import { CsvFile, type FileReport, type WriteSettings } from './csv-file.ts';
import { addressOf, writeEmail } from './email-cell.ts';
import { gb18030 } from './gb18030.ts';
import { mobileTexts, writeMobile } from './mobile-cell.ts';
import { ascii, TextBuffer } from './text-buffer.ts';

export const crmColumns = [
  'customer_id',
  'name',
  'mobile',
  'email',
  'city',
  'sex',
  'age',
  'tier',
  'registered',
] as const;

export async function writeCrm(population: Population, settings: WriteSettings): Promise<FileReport> {
  const { plan, crm: order } = population;
  const file = await CsvFile.open(
    { name: 'crm.csv', columns: crmColumns, lineEnd: 'crlf', mark: plan.crmEncoding === 'utf-8' },
    settings,
  );
  try {
    const row = new CrmRow(population, file.line);
    for (let index = 0; index < order.rows; index++) {
      row.write(order.contentOf(order.slotAt(index)));
      file.endRow();
      if (file.full) await file.flush();
    }
    return await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

const name = new Weighted(rates.crm.name);
const sex = new Weighted(rates.crm.sex);
const age = new Weighted(rates.crm.age);
const city = new Weighted(rates.crm.city);
const registered = new Weighted(rates.crm.registered);
const tier = new Weighted({ basic: 6_000, silver: 2_500, gold: 1_200, platinum: 300 });

class CrmRow {
  readonly #population: Population;
  readonly #line: TextBuffer;
  readonly #person: Person;
  readonly #cells: CrmCells;
  readonly #draw: Draw;
  readonly #text: Texts;
  readonly #email = new TextBuffer(256);

  constructor(population: Population, line: TextBuffer) {
    const { seed, crmEncoding } = population.plan;
    this.#population = population;
    this.#line = line;
    this.#person = new Person(seed);
    this.#cells = new CrmCells(seed);
    this.#draw = new Draw(seed, 'crm attributes');
    this.#text = textsIn(crmEncoding);
  }

  write(slot: number): void {
    const line = this.#line;
    const person = this.#person.at(this.#population.crm.memberOf(slot));
    const cells = this.#cells.at(slot, person);
    const draw = this.#draw.at(slot);
    line.byte(customerMark);
    line.decimal(this.#population.customerNumbers.forward(slot), 9);
    line.byte(ascii.comma);
    this.#writeName(person, draw);
    line.byte(ascii.comma);
    if (cells.swapped) {
      this.#writeEmail(person, cells);
      line.byte(ascii.comma);
      this.#writeMobile(person, cells);
    } else {
      this.#writeMobile(person, cells);
      line.byte(ascii.comma);
      this.#writeEmail(person, cells);
    }
    line.byte(ascii.comma);
    this.#writeAttributes(person, draw);
  }

  #writeName(person: Person, draw: Draw): void {
    const line = this.#line;
    const { surnames, given, rare, titles, newline, formula } = this.#text;
    const surname = surnames[person.surname]!;
    const first = given[person.given]!;
    const form = name.pick(draw);
    const quoted = form === 'comma' || form === 'quotes' || form === 'newline' || form === 'formula';
    if (form === 'empty') return;
    if (quoted) line.byte(ascii.quote);
    if (form === 'formula') line.text(formula);
    line.text(surname);
    if (form === 'spaced') line.byte(ascii.space);
    if (form === 'newline') line.text(newline);
    if (form === 'quotes') line.text(doubledQuote);
    line.text(form === 'rareCharacter' ? rare[draw.below(rare.length)]! : first);
    if (person.givenSecond >= 0) line.text(given[person.givenSecond]!);
    if (form === 'quotes') line.text(doubledQuote);
    if (form === 'comma') line.text(titles);
    if (form === 'formula') line.byte(ascii.bracketClose);
    if (quoted) line.byte(ascii.quote);
  }

  #writeMobile(person: Person, cells: CrmCells): void {
    const { plan, mobiles } = this.#population;
    const line = this.#line;
    const { draw } = cells;
    switch (cells.mobile) {
      case 'current':
      case 'former':
        writeMobile(mobiles.at(mobileIndex(plan, person.index, cells.mobile)), cells, this.#text.mobile, line);
        return;
      case 'empty':
        return;
      case 'placeholder':
        line.text(this.#text.noMobile[draw.below(this.#text.noMobile.length)]!);
        return;
      case 'trailingZero':
        line.decimal(mobiles.at(person.index));
        line.byte(ascii.dot);
        line.byte(ascii.zero);
        return;
      case 'scientific': {
        // What a column of the usual width shows: 1.39E+10; a wider one: 1.39123E+10.
        const digits = draw.chance(6_000) ? 2 : 5;
        line.byte(ascii.one);
        line.byte(ascii.dot);
        line.decimal(Math.floor(mobiles.at(person.index) / 10 ** (10 - digits)) % 10 ** digits, digits);
        line.text(this.#text.exponent);
        return;
      }
      case 'landline': {
        const areas = this.#text.areaCodes;
        line.text(areas[draw.below(areas.length)]!);
        line.byte(ascii.hyphen);
        line.decimal(60_000_000 + draw.below(2_000_000) * 10);
        return;
      }
      case 'tooShort':
        line.decimal(Math.floor(mobiles.at(person.index) / 10));
        return;
      case 'letter':
        line.decimal(Math.floor(mobiles.at(person.index) / 10));
        line.byte(letterO);
        return;
    }
  }

  #writeEmail(person: Person, cells: CrmCells): void {
    const line = this.#line;
    const { emails } = this.#population;
    switch (cells.email) {
      case 'empty':
        return;
      case 'placeholder':
        line.text(this.#text.noEmail[cells.draw.below(this.#text.noEmail.length)]!);
        return;
      case 'malformed': {
        // Without its @, or with two.
        const double = cells.draw.chance(5_000);
        this.#email.clear();
        emails.write(person, 'primary', this.#email);
        for (const byte of this.#email.view()) {
          if (byte !== ascii.at) line.byte(byte);
          else if (double) line.text(doubledAt);
        }
        return;
      }
      case 'primary':
      case 'alternate': {
        this.#email.clear();
        emails.write(person, cells.email === 'alternate' ? 'alternate' : addressOf(cells.gmailWriting), this.#email);
        writeEmail(this.#email, cells.emailWriting, line);
        return;
      }
    }
  }

  #writeAttributes(person: Person, draw: Draw): void {
    const line = this.#line;
    const text = this.#text;
    const cityForm = city.pick(draw);
    if (cityForm !== 'empty') line.text(text.cities[person.city]!);
    if (cityForm === 'withSuffix') line.text(text.citySuffix);
    line.byte(ascii.comma);
    const sexForm = sex.pick(draw);
    if (sexForm === 'word') line.text(person.female ? text.female : text.male);
    if (sexForm === 'letter') line.byte(person.female ? letterF : letterM);
    line.byte(ascii.comma);
    const ageForm = age.pick(draw);
    if (ageForm === 'known') line.decimal(person.age);
    if (ageForm === 'impossible') line.decimal(draw.chance(5_000) ? 0 : 130);
    line.byte(ascii.comma);
    line.text(text.tiers[tier.index(draw)]!);
    line.byte(ascii.comma);
    const separator = registered.pick(draw) === 'iso' ? ascii.hyphen : ascii.slash;
    writeDate(draw.below(registrationDays), separator, line);
  }
}

const customerMark = 'C'.charCodeAt(0);
const letterO = 'O'.charCodeAt(0);
const letterF = 'F'.charCodeAt(0);
const letterM = 'M'.charCodeAt(0);
const doubledQuote = Uint8Array.of(ascii.quote, ascii.quote);
const doubledAt = Uint8Array.of(ascii.at, ascii.at);

type Texts = ReturnType<typeof textsIn>;

function textsIn(encoding: 'utf-8' | 'gb18030') {
  const utf8 = new TextEncoder();
  const encode = encoding === 'utf-8' ? (text: string) => utf8.encode(text) : gb18030;
  return {
    surnames: surnames.map(([hanzi]) => encode(hanzi)),
    given: givenCharacters.map(([hanzi]) => encode(hanzi)),
    rare: rareCharacters.map(encode),
    titles: encode(', 经理'),
    newline: encode('\r\n'),
    formula: encode('=CONCATENATE('),
    noMobile: ['11111111111', 'NULL', '无', '00000000000', 'N/A', '12345678901', '-'].map(encode),
    noEmail: ['NULL', '无', 'N/A', 'none', '-'].map(encode),
    mobile: mobileTexts(encode),
    exponent: encode('E+10'),
    areaCodes: ['010', '021', '020', '0755', '028'].map(encode),
    cities: cities.map(([city]) => encode(city)),
    citySuffix: encode('市'),
    male: encode('男'),
    female: encode('女'),
    tiers: tier.names.map(encode),
  };
}
