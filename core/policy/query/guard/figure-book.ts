/**
 * The figures of an exact answer, person by person: whom each is about, and what each person adds to which. People who are alike in all figures are one kind,
 * of which the figures and the number are kept; of kinds beyond a limit a sketch is.
 */
import { prime } from './field.ts';
import { markOf, marksOf, mixed } from './marks.ts';
import { PersonSet } from './person-set.ts';

/** What one person adds: each figure once. Amounts are whole numbers of 64 bits, in two words. */
export interface PersonFigures {
  readonly count: number;
  readonly figures: ArrayLike<number>;
  /** Unsigned. */
  readonly low: ArrayLike<number>;
  /** Signed. */
  readonly high: ArrayLike<number>;
}

/** People who are alike: figures with what a person adds to each, modulo `prime`. */
export interface Kind {
  readonly figures: readonly number[];
  readonly amounts: readonly number[];
  /** How many people; of a kind that there could be none, or as many as one likes. */
  people: number;
  readonly isThere: boolean;
}

const kindsMax = 10_000;
/** Numbers that stand for all kinds beyond the limit. */
export const sketchLength = 8;
const wordMod = 2 ** 32 % prime;

export class FigureBook {
  readonly figureCount: number;
  readonly kinds: Kind[] = [];
  /** Of each figure `sketchLength` numbers. */
  readonly sketches: Float64Array;
  readonly #kindOf = new Map<string, Kind>();
  readonly #persons: Growing[];
  readonly #marks: readonly (Growing | undefined)[];
  /** By figure of people: the sums about them. */
  readonly #sums: readonly (readonly number[])[];
  readonly #amounts: readonly Amounts[];
  #last = -1;

  /** @param of.peopleOf of each sum the figure of its people; undefined for a count of people. */
  constructor(of: { readonly peopleOf: readonly (number | undefined)[] }) {
    const { peopleOf } = of;
    this.figureCount = peopleOf.length;
    this.sketches = new Float64Array(peopleOf.length * sketchLength);
    this.#persons = peopleOf.map(() => new Growing());
    this.#marks = peopleOf.map((people) => (people === undefined ? undefined : new Growing()));
    this.#sums = peopleOf.map((_, figure) => [...peopleOf.keys()].filter((sum) => peopleOf[sum] === figure));
    this.#amounts = peopleOf.map(() => new Amounts());
  }

  /** People come in ascending order, each once. @throws {RangeError} otherwise. */
  add(person: number, own: PersonFigures): void {
    if (person <= this.#last) throw new RangeError('expected people in ascending order');
    this.#last = person;
    const { count, figures, low, high } = own;
    let name = '';
    for (let i = 0; i < count; i++) {
      const figure = figures[i]!;
      name += `${figure}:${high[i]!}:${low[i]!} `;
      this.#persons[figure]!.push(person);
      this.#amounts[figure]!.add(low[i]!, high[i]!);
      for (const sum of this.#sums[figure]!) {
        const at = placeOf(sum, own);
        this.#marks[sum]!.push(markOf(person, at < 0 ? 0 : low[at]!, at < 0 ? 0 : high[at]!));
      }
    }
    const known = this.#kindOf.get(name);
    if (known !== undefined) known.people++;
    else this.#keep(name, person, own);
  }

  /**
   * A kind of people that there could be, whether there are any or not; after all people. Nothing may be told about it alone where one of its figures is empty:
   * that nobody is in a declared group is not told.
   */
  addPossible(figures: readonly number[], amounts: readonly number[]): void {
    const isEmpty = figures.some((figure, i) => amounts[i] !== 0 && this.size(figure) === 0);
    this.kinds.push({
      figures,
      amounts: amounts.map((amount) => residue(amount >>> 0, Math.floor(amount / 2 ** 32))),
      people: isEmpty ? 0 : 2 ** 32,
      isThere: false,
    });
  }

  #keep(name: string, person: number, { count, figures, low, high }: PersonFigures): void {
    const own = Array.from({ length: count }, (_, i) => figures[i]!);
    const amounts = own.map((_, i) => residue(low[i]!, high[i]!));
    if (this.#kindOf.size < kindsMax) {
      const kind = { figures: own, amounts, people: 1, isThere: true };
      this.#kindOf.set(name, kind);
      this.kinds.push(kind);
      return;
    }
    for (let j = 0; j < sketchLength; j++) {
      const factor = mixed(mixed(person) + j) % prime;
      own.forEach((figure, i) => {
        const at = figure * sketchLength + j;
        this.sketches[at] = (this.sketches[at]! + ((factor * amounts[i]!) % prime)) % prime;
      });
    }
  }

  size(figure: number): number {
    return this.#persons[figure]!.length;
  }

  total(figure: number): bigint {
    return this.#amounts[figure]!.total;
  }

  /** Whether one person gives more than half of a sum, without regard to signs. */
  isDominated(figure: number): boolean {
    return this.#marks[figure] !== undefined && this.#amounts[figure]!.isDominated;
  }

  persons(figure: number): PersonSet {
    return PersonSet.from(this.#persons[figure]!.numbers());
  }

  /** Of a sum; undefined for a count of people. */
  marks(figure: number): PersonSet | undefined {
    const marks = this.#marks[figure];
    return marks && marksOf(marks.numbers());
  }
}

function placeOf(figure: number, { count, figures }: PersonFigures): number {
  for (let i = 0; i < count; i++) if (figures[i] === figure) return i;
  return -1;
}

/** @param low unsigned, high signed: words of a whole number. */
function residue(low: number, high: number): number {
  const value = (((high % prime) * wordMod) % prime) + (low % prime);
  return ((value % prime) + prime) % prime;
}

class Amounts {
  #low = 0;
  #high = 0;
  #largest = 0;
  #magnitude = 0;

  add(low: number, high: number): void {
    const sum = this.#low + low;
    this.#low = sum % 2 ** 32;
    this.#high += high + Math.floor(sum / 2 ** 32);
    const magnitude = Math.abs(high * 2 ** 32 + low);
    this.#magnitude += magnitude;
    if (magnitude > this.#largest) this.#largest = magnitude;
  }

  get total(): bigint {
    return BigInt(this.#high) * 2n ** 32n + BigInt(this.#low);
  }

  get isDominated(): boolean {
    return 2 * this.#largest > this.#magnitude;
  }
}

class Growing {
  #numbers = new Uint32Array(64);
  length = 0;

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.length++] = number;
  }

  numbers(): Uint32Array {
    return this.#numbers.slice(0, this.length);
  }
}
