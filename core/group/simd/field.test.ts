/** The arithmetic, with limbs at their largest and as random as they come, against plain numbers. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../random/index.ts';
import { webAssembly } from './engine.ts';
import { carriedBound, type Element, elementPairBytes, FieldWriter } from './field.ts';
import { prime } from './field-constants.ts';
import { i32 } from './instructions.ts';
import { ModuleWriter } from './module-writer.ts';

const address = i32.constant(0);
/** Three operands, and then what comes out: encodings of both lanes, and masks. */
const operandAt = (i: number) => i * elementPairBytes;
const outAt = 4096;

type Formula = (a: bigint, b: bigint, c: bigint) => bigint;

/** What is written, and what it is to compute. The longest sums are those of the curve's formulas. */
const cases: readonly [string, (f: FieldWriter, a: Element, b: Element, c: Element) => Element, Formula][] = [
  ['a·b', (f, a, b) => f.times(a, b), (a, b) => a * b],
  ['a²', (f, a) => f.squared(a), (a) => a * a],
  ['(a + b)·c', (f, a, b, c) => f.times(f.add(a, b), c), (a, b, c) => (a + b) * c],
  ['(a − b)·c', (f, a, b, c) => f.times(f.subtract(a, b), c), (a, b, c) => (a - b) * c],
  ['a + b', (f, a, b) => f.reduce(f.add(a, b)), (a, b) => a + b],
  ['a − b', (f, a, b) => f.reduce(f.subtract(a, b)), (a, b) => a - b],
  ['(a + b)²', (f, a, b) => f.squared(f.reduce(f.add(a, b))), (a, b) => (a + b) ** 2n],
  ['−a', (f, a) => f.negate(a), (a) => -a],
  [
    '2a² + b² − c²',
    (f, a, b, c) => {
      const twice = f.addColumns(f.square(a), f.square(a));
      return f.carry(f.addColumns(twice, f.subtractColumns(f.square(b), f.square(c))));
    },
    (a, b, c) => 2n * a * a + b * b - c * c,
  ],
  ['ab − bc', (f, a, b, c) => f.carry(f.subtractColumns(f.product(a, b), f.product(b, c))), (a, b, c) => a * b - b * c],
  ['|a|', (f, a) => f.absolute(a), (a) => (mod(a) % 2n === 1n ? -a : a)],
  ['a constant', (f, a) => f.times(a, f.constant(prime - 1n)), (a) => -a],
];

describe('pairs of elements', () => {
  let memory: DataView;
  const run: (() => void)[] = [];
  beforeAll(() => {
    const module = new ModuleWriter();
    for (const [i, [, write]] of cases.entries()) {
      module.add(
        0,
        (code) => {
          const field = new FieldWriter(code);
          const [a, b, c] = [0, 1, 2].map((k) => field.load(address, operandAt(k))) as [Element, Element, Element];
          const result = write(field, a, b, c);
          field.encode(address, outAt, result);
          // What is kept in memory is held to its bound there.
          field.store(address, outAt + 64, field.reduce(result));
        },
        `case${i}`,
      );
    }
    const { Instance, Module } = webAssembly()!;
    const { exports } = new Instance(new Module(module.finish(8192)));
    for (const i of cases.keys()) run.push(exports[`case${i}`] as () => void);
    memory = new DataView(exports.memory.buffer);
  });

  /** Writes limbs of both lanes of an operand. */
  function write(operand: number, lanes: readonly [readonly number[], readonly number[]]) {
    for (const [lane, limbs] of lanes.entries())
      for (const [i, limb] of limbs.entries()) memory.setFloat64(operandAt(operand) + 16 * i + 8 * lane, limb, true);
  }

  function check(operands: readonly (readonly [readonly number[], readonly number[]])[]) {
    for (const [i, lanes] of operands.entries()) write(i, lanes);
    for (const [i, [name, , formula]] of cases.entries()) {
      run[i]!();
      for (const lane of [0, 1]) {
        const [a, b, c] = operands.map((lanes) => numberOf(lanes[lane]!)) as [bigint, bigint, bigint];
        const expected = mod(formula(a, b, c));
        expect(encodingAt(outAt + 32 * lane), name).toBe(expected);
        const limbs = Array.from({ length: 5 }, (_, k) => memory.getFloat64(outAt + 64 + 16 * k + 8 * lane, true));
        expect(mod(numberOf(limbs)), name).toBe(expected);
        for (const limb of limbs) expect(Math.abs(limb)).toBeLessThanOrEqual(carriedBound);
      }
    }
  }

  function encodingAt(offset: number): bigint {
    return [24, 16, 8, 0].reduce((value, at) => (value << 64n) | memory.getBigUint64(offset + at, true), 0n);
  }

  it('with all limbs at the bounds, of either sign', () => {
    const extreme = (signs: number) =>
      Array.from({ length: 5 }, (_, i) => ((signs >> i) & 1 ? -carriedBound : carriedBound));
    for (let a = 0; a < 32; a++) {
      for (const [b, c] of [
        [a, a],
        [31 - a, a],
        [0, 31],
        [10, 21],
      ] as const)
        check([
          [extreme(a), extreme(31 - a)],
          [extreme(b), extreme(a)],
          [extreme(c), extreme(b)],
        ]);
    }
  });

  it('around 0 and p, in every form that they have', () => {
    const p = [-19, 0, 0, 0, 2 ** 51];
    const balanced = (value: number[]) => [value[0]! + 19, value[1]!, value[2]!, value[3]!, 0];
    const near = [-2, -1, 0, 1, 2].flatMap((by) => [
      [by, 0, 0, 0, 0],
      // 2^254 and 2^253 make p and its half out of limbs that fit.
      [by - 19, 0, 0, 0, 0],
      [by, 0, 0, -(2 ** 50), 2 ** 50 - 1],
      [by, -(2 ** 50), -1, 0, 1],
      balanced(p.map((limb, i) => (i === 0 ? limb + by : limb))),
    ]);
    for (const [i, a] of near.entries()) {
      for (let step = 1; step <= 5; step++) {
        const [b, c] = [near[(i + step) % near.length]!, near[(i * step) % near.length]!];
        check([
          [a, b],
          [b, a],
          [c, a],
        ]);
      }
    }
  });

  it('at random', () => {
    const random = new SeededRandom('field');
    const limb = () => {
      const bits = new DataView(random.bytes(8).buffer).getBigUint64(0) & (2n ** 51n - 1n);
      return Number(bits) - 2 ** 50;
    };
    const limbs = () => Array.from({ length: 5 }, limb);
    for (let i = 0; i < 200; i++)
      check([
        [limbs(), limbs()],
        [limbs(), limbs()],
        [limbs(), limbs()],
      ]);
  });
});

describe('what could overflow is not written', () => {
  const loaded = (write: (field: FieldWriter, a: Element) => void) => () =>
    new ModuleWriter().add(0, (code) => {
      const field = new FieldWriter(code);
      write(field, field.load(address, 0));
    });

  it.each<[string, (field: FieldWriter, a: Element) => void]>([
    ['a product of two sums', (field, a) => field.times(field.add(a, a), field.add(a, a))],
    ['a square of a sum', (field, a) => field.squared(field.add(a, a))],
    ['a product with a sum of four', (field, a) => field.times(field.add(field.add(a, a), field.add(a, a)), a)],
    [
      'a sum of thirty-two products',
      (field, a) => {
        let sum = field.product(a, a);
        for (let doubling = 0; doubling < 5; doubling++) sum = field.addColumns(sum, sum);
        field.carry(sum);
      },
    ],
    ['a sum in memory', (field, a) => field.store(address, 0, field.add(a, a))],
  ])('%s', (_, write) => {
    expect(loaded(write)).toThrow(RangeError);
  });

  it('but what the curve needs is', () => {
    expect(loaded((field, a) => field.times(field.add(a, a), a))).not.toThrow();
  });
});

function mod(value: bigint): bigint {
  return ((value % prime) + prime) % prime;
}

function numberOf(limbs: readonly number[]): bigint {
  return limbs.reduce((sum, limb, i) => sum + (BigInt(limb) << BigInt(51 * i)), 0n);
}
