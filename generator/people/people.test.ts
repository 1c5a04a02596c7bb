import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { TextBuffer } from '../files/text-buffer.ts';
import { cities } from './cities.ts';
import { Devices } from './device.ts';
import { type Address, Emails } from './email.ts';
import { Mobiles } from './mobile.ts';
import { rareCharacters } from './names.ts';
import { Person } from './person.ts';

const people = 30_000;
const seed = 9;

describe('mobiles', () => {
  it('are 11 digits, all different, valid as Chinese mobiles for another library', () => {
    const mobiles = new Mobiles(seed);
    const seen = new Set<number>();
    for (let index = 0; index < people; index++) {
      const number = mobiles.at(index);
      seen.add(number);
      if (!/^1\d{10}$/.test(`${number}`)) expect.fail(`index ${index} does not give 11 digits`);
      if (index >= 3_000) continue;
      const parsed = parsePhoneNumberFromString(`+86${number}`);
      if (parsed?.getType() !== 'MOBILE') expect.fail(`index ${index} is not a mobile`);
    }
    expect(seen.size).toBe(people);
  });

  it('cannot be taken for placeholders: the last two digits differ', () => {
    const mobiles = new Mobiles(seed);
    for (let index = 0; index < people; index++) {
      const number = mobiles.at(index);
      if (number % 10 === Math.floor(number / 10) % 10) expect.fail(`index ${index} ends in a pair`);
    }
  });

  it('reach the last index that people and their former numbers may need', () => {
    expect(`${new Mobiles(seed).at(199_999_999)}`).toMatch(/^1\d{10}$/);
  });
});

describe('e-mails', () => {
  it('are nobody else’s, not even without Gmail’s dots and tags', () => {
    const emails = new Emails(people, seed, new Mobiles(seed));
    const person = new Person(seed);
    const buffer = new TextBuffer(256);
    const write = (address: Address) => {
      buffer.clear();
      emails.write(person, address, buffer);
      return buffer.view().toString();
    };
    const owners = new Map<string, number>();
    for (let index = 0; index < people; index++) {
      person.at(index);
      const gmail = person.provider === 'gmail.com';
      for (const address of gmail
        ? (['primary', 'dotted', 'tagged', 'alternate'] as const)
        : (['primary', 'alternate'] as const)) {
        const text = write(address);
        if (!/^[a-z0-9._+]+@[a-z0-9]+\.com$/.test(text)) expect.fail(`person ${index} has a malformed address`);
        if (gmail && address === 'dotted' && !/^[a-z]+\.[a-z]+\d+@gmail\.com$/.test(text)) expect.fail('no dot');
        if (gmail && address === 'tagged' && !/^[a-z]+\d+\+shop@gmail\.com$/.test(text)) expect.fail('no tag');
        const mailbox = text.endsWith('@gmail.com') ? text.replace(/\+.*@/, '@').replace(/\.(?=.*@)/g, '') : text;
        const owner = owners.get(mailbox);
        if (owner !== undefined && owner !== index) expect.fail(`person ${index} has an address of person ${owner}`);
        owners.set(mailbox, index);
      }
    }
    expect(owners.size).toBe(2 * people);
  });
});

describe('devices', () => {
  const devices = new Devices(seed);
  const buffer = new TextBuffer(256);
  const text = (write: (to: TextBuffer) => void) => {
    buffer.clear();
    write(buffer);
    return buffer.view().toString();
  };

  it('have OAIDs in the vendors’ forms, IDFAs as random UUIDs, IMEIs with their check digit, none twice', () => {
    const seen = new Set<string>();
    for (let person = 0; person < people; person++) {
      const oaid = text((to) => devices.writeOaid(person, to));
      const idfa = text((to) => devices.writeIdfa(person, 'upper', to));
      const imei = text((to) => devices.writeImei(person, 'plain', to));
      if (
        !/^([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{64})$/.test(oaid)
      ) {
        expect.fail(`person ${person} has a malformed OAID`);
      }
      if (!/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/.test(idfa)) {
        expect.fail(`person ${person} has a malformed IDFA`);
      }
      if (!/^86\d{13}$/.test(imei) || luhn(imei) !== 0) expect.fail(`person ${person} has a malformed IMEI`);
      for (const id of [oaid, idfa, imei]) seen.add(id);
    }
    expect(seen.size).toBe(3 * people);
  });

  it('write one IMEI and one IDFA in two ways', () => {
    expect(text((to) => devices.writeImei(4, 'hyphens', to)).replaceAll('-', '')).toBe(
      text((to) => devices.writeImei(4, 'plain', to)),
    );
    expect(text((to) => devices.writeIdfa(4, 'lower', to)).toUpperCase()).toBe(
      text((to) => devices.writeIdfa(4, 'upper', to)),
    );
  });
});

/** ISO/IEC 7812-1 annex B: 0 for a right number. */
function luhn(digits: string): number {
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const weighed = i % 2 === 1 ? 2 * Number(digit) : Number(digit);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10;
}

describe('people', () => {
  it('live in the cities as the weights say', () => {
    const person = new Person(seed);
    const counts = new Map<number, number>();
    for (let index = 0; index < people; index++) {
      const { city } = person.at(index);
      counts.set(city, (counts.get(city) ?? 0) + 1);
    }
    const residents = cities.reduce((sum, [, , weight]) => sum + weight, 0);
    for (const [city, [name, , weight]] of cities.entries()) {
      const expected = (people * weight) / residents;
      expect(Math.abs((counts.get(city) ?? 0) - expected), name).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('[F113] have rare characters that need four bytes', () => {
    for (const character of rareCharacters) expect(character.codePointAt(0)).toBeGreaterThan(0xffff);
  });
});
