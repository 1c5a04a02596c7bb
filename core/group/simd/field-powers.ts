/**
 * The long powers of which roots and inverses are made. Two pairs of elements go through each chain together, one behind the other in memory,
 * so that neither waits for its own carries.
 */
import { elementPairBytes, FieldWriter } from './field.ts';
import { type I32, i32 } from './instructions.ts';
import type { MemoryPlan } from './memory.ts';
import type { Callable, ModuleWriter } from './module-writer.ts';

/** Bytes of two pairs. */
export const twoPairsBytes = 2 * elementPairBytes;

export interface Powers {
  /** Two pairs at the first operand: a^((p − 5)/8) of those at the second. */
  readonly power58: Callable;
  /** Two pairs at the first operand: 1/a of those at the second; 0 for 0. */
  readonly inverse: Callable;
}

export function writePowers(module: ModuleWriter, memory: MemoryPlan): Powers {
  const atEach = (write: (offset: number) => void) => {
    for (const offset of [0, elementPairBytes]) write(offset);
  };
  /** (out, a, b): a·b. */
  const multiply = module.add(3, (code) => {
    const field = new FieldWriter(code);
    const [out, a, b] = [code.parameter(0), code.parameter(1), code.parameter(2)];
    atEach((at) => field.store(out, at, field.times(field.load(a, at), field.load(b, at))));
  });
  /** (out, a, count): a^(2^count). */
  const square = module.add(3, (code) => {
    const field = new FieldWriter(code);
    const [out, a, count] = [code.parameter(0), code.parameter(1), code.parameter(2)];
    atEach((at) => field.store(out, at, field.squared(field.load(a, at))));
    code.count({ from: i32.constant(0), to: i32.sub(count, i32.constant(1)), step: 1 }, () => {
      atEach((at) => field.store(out, at, field.squared(field.load(out, at))));
    });
  });

  const names = ['z2', 'z9', 'z11', 'k5', 'k10', 'k20', 'k40', 'k50', 'k100', 'k200', 'k250', 'shifted'] as const;
  const places = names.map((name) => [name, i32.constant(memory.region(twoPairsBytes))] as const);
  const at = Object.fromEntries(places) as Record<(typeof names)[number], I32>;

  /** (z): the usual addition chain to 2^k − 1 for k = 5, 10, 20, 40, 50, 100, 200, 250. */
  const longPowers = module.add(1, (code) => {
    const z = code.parameter(0);
    const squares = (a: I32, count: number) => code.do(square(at.shifted, a, i32.constant(count)));
    const step = (out: I32, { of, count, by }: { of: I32; count: number; by: I32 }) => {
      squares(of, count);
      code.do(multiply(out, at.shifted, by));
    };
    // square() begins with one squaring, and then counts one more at least.
    code.do(multiply(at.z2, z, z));
    step(at.z9, { of: at.z2, count: 2, by: z });
    code.do(multiply(at.z11, at.z9, at.z2));
    code.do(multiply(at.shifted, at.z11, at.z11));
    code.do(multiply(at.k5, at.shifted, at.z9));
    step(at.k10, { of: at.k5, count: 5, by: at.k5 });
    step(at.k20, { of: at.k10, count: 10, by: at.k10 });
    step(at.k40, { of: at.k20, count: 20, by: at.k20 });
    step(at.k50, { of: at.k40, count: 10, by: at.k10 });
    step(at.k100, { of: at.k50, count: 50, by: at.k50 });
    step(at.k200, { of: at.k100, count: 100, by: at.k100 });
    step(at.k250, { of: at.k200, count: 50, by: at.k50 });
  });

  return {
    // (p − 5)/8 = 2^252 − 3
    power58: module.add(2, (code) => {
      code.do(longPowers(code.parameter(1)));
      code.do(square(at.shifted, at.k250, i32.constant(2)));
      code.do(multiply(code.parameter(0), at.shifted, code.parameter(1)));
    }),
    // p − 2 = 2^255 − 21
    inverse: module.add(2, (code) => {
      code.do(longPowers(code.parameter(1)));
      code.do(square(at.shifted, at.k250, i32.constant(5)));
      code.do(multiply(code.parameter(0), at.shifted, at.z11));
    }),
  };
}
