/** Who person `index` is: the same in every file, drawn again wherever it is needed. */
import { Draw } from '@causeway/core/random';
import { Weighted } from '../random/weighted.ts';
import { cities } from './cities.ts';
import { givenCharacters, surnames } from './names.ts';

/** Where people have their main e-mail; the style of each provider's addresses is in `email.ts`. */
export type Provider =
  | 'qq.com'
  | '163.com'
  | 'gmail.com'
  | '126.com'
  | 'outlook.com'
  | 'sina.com'
  | '139.com'
  | 'foxmail.com'
  | 'icloud.com';

const providers = new Weighted<Provider>({
  'qq.com': 4_500,
  '163.com': 2_200,
  'gmail.com': 900,
  '126.com': 500,
  'outlook.com': 500,
  'sina.com': 400,
  '139.com': 400,
  'foxmail.com': 300,
  'icloud.com': 300,
});

/** Ages by decade from 18: weights of the decades. */
const decades = new Weighted({ '18': 18, '28': 26, '38': 22, '48': 17, '58': 11, '68': 6 });
const surnameChoice = new Weighted(Object.fromEntries(surnames.map(([hanzi, , weight]) => [hanzi, weight])));
const cityChoice = new Weighted(Object.fromEntries(cities.map(([name, , residents]) => [name, residents])));

/** One object that is moved from person to person. */
export class Person {
  index = 0;
  female = false;
  age = 0;
  /** Index in `cities`. */
  city = 0;
  /** Index in `surnames`. */
  surname = 0;
  /** Indices in `givenCharacters`; the second is −1 for a given name of one character. */
  given = 0;
  givenSecond = -1;
  provider: Provider = 'qq.com';
  /** Whether the address at 163.com or 126.com is the mobile number. */
  mobileAsAddress = false;
  apple = false;
  readonly #draw: Draw;

  constructor(seed: number) {
    this.#draw = new Draw(seed, 'person');
  }

  at(index: number): this {
    const draw = this.#draw.at(index);
    this.index = index;
    this.female = draw.chance(4_900);
    this.age = 18 + 10 * decades.index(draw) + draw.below(10);
    this.city = cityChoice.index(draw);
    this.surname = surnameChoice.index(draw);
    this.given = draw.below(givenCharacters.length);
    this.givenSecond = draw.chance(7_500) ? draw.below(givenCharacters.length) : -1;
    this.provider = providers.pick(draw);
    this.mobileAsAddress = draw.chance(3_000);
    this.apple = draw.chance(2_400);
    return this;
  }
}
