import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditsPerOrder, daySeconds, type RuleModel, ruleModels, shareOrder, shareValue } from './index.ts';

const week = 7 * daySeconds;

function credits(model: RuleModel, days: readonly number[]): number[] {
  const shares = new Int32Array(days.length);
  shareOrder(
    model,
    Int32Array.from(days, (age) => age * daySeconds),
    days.length,
    week,
    shares,
  );
  return [...shares];
}

describe('[F115] the share of a touch', () => {
  it.each<[RuleModel, number[], number[]]>([
    ['first', [9, 5, 1], [1_000_000, 0, 0]],
    ['last', [9, 5, 1], [0, 0, 1_000_000]],
    ['linear', [9, 5, 1], [333_333, 333_333, 333_334]],
    ['position', [9, 5, 4, 1], [400_000, 100_000, 100_000, 400_000]],
    ['position', [9, 1], [500_000, 500_000]],
    ['position', [9, 5, 4, 2, 1], [400_000, 66_666, 66_666, 66_666, 400_002]],
    ['decay', [14, 7, 0], [142_857, 285_714, 571_429]],
    ['decay', [3, 3], [500_000, 500_000]],
  ])('%s of %j days is %j', (model, days, expected) => expect(credits(model, days)).toEqual(expected));

  it('of a single touch is the whole order under every model', () => {
    for (const model of ruleModels) expect(credits(model, [3])).toEqual([creditsPerOrder]);
  });

  it('is whole, never negative, and an order in sum', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ruleModels),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
        (model, days) => {
          const shares = credits(
            model,
            [...days].sort((a, b) => b - a),
          );
          expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(creditsPerOrder);
        },
      ),
    );
  });

  it('under decay is within a millionth of the weights 2^(−age / half-life)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 40 }), (days) => {
        const ages = [...days].sort((a, b) => b - a);
        const weights = ages.map((age) => 2 ** (-age / 7));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        for (const [i, share] of credits('decay', ages).slice(0, -1).entries()) {
          expect(Math.abs(share - (1e6 * weights[i]!) / sum)).toBeLessThan(1.001);
        }
      }),
    );
  });
});

describe('the share of an order’s value', () => {
  it('is exact to the unit for amounts beyond 2⁵³ millionths, and for negative ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (value, credit) => {
          const product = BigInt(value) * BigInt(credit);
          const floor = product / 1_000_000n - (product % 1_000_000n < 0n ? 1n : 0n);
          expect(BigInt(shareValue(value, credit))).toBe(floor);
        },
      ),
    );
  });
});
