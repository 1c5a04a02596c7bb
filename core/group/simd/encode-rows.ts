/** From the products of a batch to encodings, with one inversion for all of them. */
import { type Element, elementPairBytes, FieldWriter } from './field.ts';
import { type Powers, twoPairsBytes } from './field-powers.ts';
import { type I32, i32, v128 } from './instructions.ts';
import { loadProjective, type MemoryPlan } from './memory.ts';
import type { Callable, ModuleWriter } from './module-writer.ts';
import { type Doubling, doubling, encoding } from './ristretto.ts';

export interface RowEncoder {
  /** (): before the first pair of a batch. */
  readonly begin: Callable;
  /** (pair, masks): takes a product; a mask of 64 bits for each row becomes all ones where twice that is the identity. */
  readonly take: Callable;
  /** (count, rows): writes the encodings of twice the products of all pairs. */
  readonly finish: Callable;
}

/** What of a pair waits for the inversion. `before` is the product of the denominators of all pairs before it. */
const waiting = ['e', 'f', 'g', 'h', 'eg', 'fh', 'denominator', 'before'] as const;
const waitingBytes = waiting.length * elementPairBytes;
type Waiting = Record<(typeof waiting)[number], Element>;

/** @param product where {@link RowEncoder.take} finds a product, as Projective. */
export function writeRowEncoder(
  module: ModuleWriter,
  memory: MemoryPlan,
  { powers, product, pairsMax }: { readonly powers: Powers; readonly product: number; readonly pairsMax: number },
): RowEncoder {
  const first = memory.region(pairsMax * waitingBytes);
  const running = memory.region(twoPairsBytes);
  const inverse = memory.region(twoPairsBytes);
  const zero = i32.constant(0);
  const addressOf = (pair: I32) => i32.multiply(pair, i32.constant(waitingBytes));

  const begin = module.add(0, (code) => {
    const field = new FieldWriter(code);
    field.store(zero, running, field.constant(1n));
  });

  const take = module.add(2, (code) => {
    const field = new FieldWriter(code);
    const address = addressOf(code.parameter(0));
    const half = doubling(field, loadProjective(field, { address: zero, offset: product }));
    // Twice the product is the identity where e·g is 0. f·h is never 0, since neither D nor −D is a square.
    const isIdentity = field.isZero(half.eg);
    // A row that cannot be inverted must not spoil those that share its inversion.
    const denominator = field.select(isIdentity, field.constant(1n), field.times(half.eg, half.fh));
    const before = field.load(zero, running);
    for (const [name, element] of Object.entries({ ...half, denominator, before } satisfies Waiting))
      field.store(address, first + waiting.indexOf(name as keyof Waiting) * elementPairBytes, element);
    field.store(zero, running, field.times(before, denominator));
    code.do(v128.store(code.parameter(1), 0, isIdentity));
  });

  /** (pair, out). */
  const encodePair = module.add(2, (code) => {
    const field = new FieldWriter(code);
    const address = addressOf(code.parameter(0));
    const load = (name: keyof Waiting) => field.load(address, first + waiting.indexOf(name) * elementPairBytes);
    const rest = field.load(zero, inverse);
    const own = field.times(rest, load('before'));
    field.store(zero, inverse, field.times(rest, load('denominator')));
    const half: Doubling = {
      e: load('e'),
      f: load('f'),
      g: load('g'),
      h: load('h'),
      eg: load('eg'),
      fh: load('fh'),
    };
    field.encode(code.parameter(1), 0, encoding(field, half, own));
  });

  const finish = module.add(2, (code) => {
    const [count, rows] = [code.parameter(0), code.parameter(1)];
    code.do(powers.inverse(i32.constant(inverse), i32.constant(running)));
    code.count({ from: count, to: zero, step: -1 }, (above) => {
      const pair = i32.sub(above, i32.constant(1));
      code.do(encodePair(pair, i32.add(rows, i32.multiply(pair, i32.constant(64)))));
    });
  });

  return { begin, take, finish };
}
