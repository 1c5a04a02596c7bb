/** E-mail addresses in the style of their providers; no two people share one, nor would by dropping Gmail's dots and tags. */
import { ascii, type TextBuffer } from '../files/text-buffer.ts';
import { Permutation } from '../random/permutation.ts';
import type { Mobiles } from './mobile.ts';
import { givenCharacters, surnames } from './names.ts';
import type { Person } from './person.ts';

/** Which of a person's addresses: the main one, its two other writings at Gmail, or one at another provider. */
export type Address = 'primary' | 'dotted' | 'tagged' | 'alternate';

/** QQ numbers of nine and ten digits. */
const qqFirst = 100_000_000;
const qqNumbers = 3_800_000_000;
/** The numbers after names are drawn from so many times the people: as sparse as in life. */
const sparseness = 8;

export class Emails {
  readonly #people: number;
  readonly #mobiles: Mobiles;
  readonly #qq: Permutation;
  readonly #numbers: Permutation;
  readonly #text = tables();

  constructor(people: number, seed: number, mobiles: Mobiles) {
    this.#people = people;
    this.#mobiles = mobiles;
    this.#qq = new Permutation(qqNumbers, seed, 'qq number');
    this.#numbers = new Permutation(sparseness * people, seed, 'number after a name');
  }

  /** Appends the address in its canonical form: lower case, no spaces. `dotted` and `tagged` are for people at Gmail. */
  write(person: Person, address: Address, to: TextBuffer): void {
    const { index, provider } = person;
    if (address === 'alternate') {
      this.#name(person, to);
      to.decimal(this.#numbers.forward(this.#people + index));
      to.text(this.#text.alternate);
      return;
    }
    switch (provider) {
      case 'qq.com':
        to.decimal(qqFirst + this.#qq.forward(index));
        break;
      case '139.com':
        to.decimal(this.#mobiles.at(index));
        break;
      case '163.com':
      case '126.com':
        if (person.mobileAsAddress) to.decimal(this.#mobiles.at(index));
        else {
          this.#name(person, to);
          to.decimal(this.#numbers.forward(index));
        }
        break;
      case 'gmail.com':
        to.text(this.#text.given[person.given]!);
        if (address === 'dotted') to.byte(ascii.dot);
        to.text(this.#text.surnames[person.surname]!);
        to.decimal(this.#numbers.forward(index));
        if (address === 'tagged') to.text(this.#text.tag);
        break;
      case 'outlook.com':
      case 'sina.com':
      case 'foxmail.com':
      case 'icloud.com':
        to.text(this.#text.given[person.given]!);
        to.byte(index % 2 === 0 ? ascii.dot : underscore);
        to.text(this.#text.surnames[person.surname]!);
        to.decimal(this.#numbers.forward(index));
        break;
    }
    to.text(this.#text.domains[provider]);
  }

  #name(person: Person, to: TextBuffer): void {
    to.text(this.#text.surnames[person.surname]!);
    to.text(this.#text.given[person.given]!);
    if (person.givenSecond >= 0) to.text(this.#text.given[person.givenSecond]!);
  }
}

const underscore = 95;

function tables() {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    surnames: surnames.map(([, pinyin]) => bytes(pinyin)),
    given: givenCharacters.map(([, pinyin]) => bytes(pinyin)),
    tag: bytes('+shop'),
    // The alternate's provider is nobody's main one, so the two never meet.
    alternate: bytes('@sohu.com'),
    domains: {
      'qq.com': bytes('@qq.com'),
      '163.com': bytes('@163.com'),
      'gmail.com': bytes('@gmail.com'),
      '126.com': bytes('@126.com'),
      'outlook.com': bytes('@outlook.com'),
      'sina.com': bytes('@sina.com'),
      '139.com': bytes('@139.com'),
      'foxmail.com': bytes('@foxmail.com'),
      'icloud.com': bytes('@icloud.com'),
    },
  };
}
