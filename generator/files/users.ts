/** `users.csv`: the media's accounts, with device identifiers, and phone and e-mail in another form than the advertiser's. */
import { hash } from 'node:crypto';
import { Draw } from '@causeway/core/random';
import { Campaign } from '../campaign.ts';
import { cities } from '../people/cities.ts';
import { interests } from '../people/interests.ts';
import { Person } from '../people/person.ts';
import { mobileIndex, type Population } from '../population.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';
import { CsvFile, type FileReport, type WriteSettings } from './csv-file.ts';
import { addressOf, writeEmail } from './email-cell.ts';
import { ascii, TextBuffer } from './text-buffer.ts';
import { UsersCells } from './users-cells.ts';

export const usersColumns = [
  'user_id',
  'phone',
  'email',
  'oaid',
  'idfa',
  'imei',
  'city',
  'interests',
  'holdout',
] as const;

export async function writeUsers(population: Population, settings: WriteSettings): Promise<FileReport> {
  const { users: order } = population;
  const file = await CsvFile.open({ name: 'users.csv', columns: usersColumns, lineEnd: 'lf', mark: false }, settings);
  try {
    const row = new UsersRow(population, file.line);
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

/** `U` and nine digits. @param number a member's users slot, or a bot's number after those, passed through `userNumbers`. */
export function writeUserId(number: number, to: TextBuffer): void {
  to.byte(userMark);
  to.decimal(number, 9);
}

const idfa = new Weighted(rates.users.idfa);
const oaid = new Weighted(rates.users.oaid);
const imei = new Weighted(rates.users.imei);
const city = new Weighted(rates.users.city);

class UsersRow {
  readonly #population: Population;
  readonly #line: TextBuffer;
  readonly #person: Person;
  readonly #cells: UsersCells;
  readonly #campaign: Campaign;
  readonly #likes: Draw;
  readonly #id = new TextBuffer(256);
  readonly #text = new TextBuffer(256);

  constructor(population: Population, line: TextBuffer) {
    this.#population = population;
    this.#line = line;
    this.#person = new Person(population.plan.seed);
    this.#cells = new UsersCells(population.plan.seed);
    this.#campaign = new Campaign(population.plan);
    this.#likes = new Draw(population.plan.seed, 'interests');
  }

  write(slot: number): void {
    const { plan, users, userNumbers } = this.#population;
    const line = this.#line;
    const person = this.#person.at(plan.firstUser + users.memberOf(slot));
    const cells = this.#cells.at(slot, person);
    writeUserId(userNumbers.forward(slot), line);
    line.byte(ascii.comma);
    this.#writePhone(person, cells);
    line.byte(ascii.comma);
    this.#writeEmail(person, cells);
    line.byte(ascii.comma);
    this.#writeDevice(person, cells.draw);
    const cityForm = city.pick(cells.draw);
    if (cityForm === 'known') line.text(cityNames[person.city]!);
    if (cityForm === 'elsewhere') line.text(cityNames[cells.draw.below(cityNames.length)]!);
    line.byte(ascii.comma);
    this.#writeInterests(person);
    line.byte(ascii.comma);
    line.byte(this.#campaign.at(person.index).group === 'holdout' ? ascii.one : ascii.zero);
  }

  #writePhone(person: Person, cells: UsersCells): void {
    const { plan, mobiles } = this.#population;
    const line = this.#line;
    if (cells.phone === 'empty') return;
    if (cells.phone === 'placeholder') {
      line.text(none);
      return;
    }
    const number = mobiles.at(mobileIndex(plan, person.index, cells.phone));
    if (plan.userIds === 'plain') {
      switch (cells.phoneWriting) {
        case 'plus86':
          line.text(plus86);
          break;
        case 'plus86Spaced':
          line.text(plus86);
          line.byte(ascii.space);
          break;
        case 'bare86':
          line.text(bare86);
          break;
        case 'plain':
          break;
      }
      line.decimal(number);
      return;
    }
    this.#id.clear();
    if (cells.phoneDigest === 'unnormalised') this.#id.text(plus86);
    this.#id.decimal(number);
    this.#writeDigest(this.#id, plan.userIds, cells.phoneDigest);
  }

  #writeEmail(person: Person, cells: UsersCells): void {
    const { plan, emails } = this.#population;
    const line = this.#line;
    if (cells.email === 'empty') return;
    if (cells.email === 'placeholder') {
      line.text(none);
      return;
    }
    this.#id.clear();
    emails.write(person, cells.email === 'alternate' ? 'alternate' : addressOf(cells.gmailWriting), this.#id);
    if (plan.userIds === 'plain') {
      writeEmail(this.#id, cells.emailWriting, line);
      return;
    }
    this.#text.clear();
    writeEmail(this.#id, cells.emailDigest === 'unnormalised' ? 'upperCase' : 'plain', this.#text);
    this.#writeDigest(this.#text, plan.userIds, cells.emailDigest);
  }

  #writeDigest(text: TextBuffer, algorithm: 'md5' | 'sha256', form: keyof typeof rates.users.digest): void {
    const digest = hash(algorithm, text.view(), 'hex');
    this.#line.latin1(form === 'upperCase' ? digest.toUpperCase() : digest);
  }

  /** The cells oaid, idfa and imei, each with its comma. */
  #writeDevice(person: Person, draw: Draw): void {
    const { devices } = this.#population;
    const line = this.#line;
    if (person.apple) {
      line.byte(ascii.comma);
      const form = idfa.pick(draw);
      if (form === 'zero') line.text(zeroUuid);
      else devices.writeIdfa(person.index, form === 'upperCase' ? 'upper' : 'lower', line);
      line.byte(ascii.comma);
      line.byte(ascii.comma);
      return;
    }
    const oaidForm = oaid.pick(draw);
    if (oaidForm === 'zero') line.text(zeroUuid);
    if (oaidForm === 'known') devices.writeOaid(person.index, line);
    line.byte(ascii.comma);
    line.byte(ascii.comma);
    const imeiForm = imei.pick(draw);
    if (imeiForm !== 'hidden') devices.writeImei(person.index, imeiForm, line);
    line.byte(ascii.comma);
  }

  #writeInterests(person: Person): void {
    const line = this.#line;
    const likes = this.#likes.at(person.index);
    const customer = person.index < this.#population.plan.customers;
    let first = true;
    for (let i = 0; i < interests.length; i++) {
      const { male, female, customersPercent } = interests[i]!;
      const base = person.female ? female : male;
      if (!likes.chance(customer ? (base * customersPercent) / 100 : base)) continue;
      if (!first) line.byte(ascii.bar);
      line.text(interestNames[i]!);
      first = false;
    }
  }
}

const utf8 = new TextEncoder();
const userMark = 'U'.charCodeAt(0);
const none = utf8.encode('NULL');
const plus86 = utf8.encode('+86');
const bare86 = utf8.encode('86');
const zeroUuid = utf8.encode('00000000-0000-0000-0000-000000000000');
const cityNames = cities.map(([name]) => utf8.encode(name));
const interestNames = interests.map(({ name }) => utf8.encode(name));
