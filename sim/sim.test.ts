import { describe, expect, it } from 'vitest';
import { type Canary, canaries } from './canary.ts';
import { rarities } from './check/rarities.ts';
import { regressions } from './regressions.ts';
import { type Run, simulate } from './simulation.ts';

const seedCount = Number(process.env.CAUSEWAY_SIM_SEEDS ?? 1000);
/** Seeds in one test. */
const chunkCount = 50;
const traceLinesMax = 120;
/** For a loaded machine; nothing is measured. */
const timeout = 600_000;

/** Runs a seed; one that breaks a rule is run again with its trace, which becomes the failure's message. */
async function mustHold(seed: number): Promise<Run> {
  const run = await simulate(seed);
  if (run.violations.length === 0) return run;
  const { trace } = await simulate(seed, { trace: true });
  const lines = [...run.violations, `again: node sim/run.ts --seed ${seed} --trace`, ...trace.slice(-traceLinesMax)];
  throw new Error(`seed ${seed} breaks a rule:\n${lines.join('\n')}`);
}

describe('a match between three nodes, whatever fails', () => {
  it.each(regressions)('seed $seed: $showed', { timeout }, async ({ seed }) => {
    await mustHold(seed);
  });

  const met = new Set<string>();
  const chunks = Array.from({ length: Math.ceil(seedCount / chunkCount) }, (_, i) => i * chunkCount);
  it.each(chunks)(
    '[F40, F44, F51–F54, F58, F59] both sides agree, nothing is lost or wrong: 50 seeds from %i',
    {
      timeout,
    },
    async (first) => {
      for (let seed = first; seed < Math.min(first + chunkCount, seedCount); seed++) {
        for (const rarity of (await mustHold(seed)).met) met.add(rarity);
      }
    },
  );

  it.skipIf(seedCount < 1000)('every rare thing has happened in some seed', () => {
    expect(rarities.filter((rarity) => !met.has(rarity))).toEqual([]);
  });

  it('a seed gives the same run again, to the last event', { timeout }, async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [first, second] = [await simulate(seed, { trace: true }), await simulate(seed, { trace: true })];
      expect(second).toEqual(first);
      const { trace: _, ...untraced } = await simulate(seed);
      expect(first).toMatchObject(untraced);
    }
  });
});

describe('the checker is itself checked', () => {
  const caughtBy: Record<Canary, RegExp> = {
    'release-ignores-ledger': /gives out .*, of which the ledger says/,
    'message-twice': /failed with wrong-order, which nothing in this run explains/,
    'disk-never-syncs': /./,
    'row-forgotten': /by a plain join/,
    'release-forgets': /2 results were released/,
    'identifier-on-ledger': /holds the first bytes of: identifier/,
    'record-altered': /the ledger of media is not the operator's/,
    'node-never-returns': /nothing may hang/,
    'nothing-erased': /files of an ended job are left/,
    'file-left-open': /holds \d+ files open/,
    'exchange-denied': /said that nothing was exchanged, and sent/,
  };
  const tries = 300;
  it.each(canaries)(`canary: %s is caught within ${tries} seeds`, { timeout }, async (canary) => {
    for (let seed = 0; seed < tries; seed++) {
      const { violations } = await simulate(seed, { canary });
      if (violations.some((violation) => caughtBy[canary].test(violation))) return;
      expect(violations).toEqual([]);
    }
    throw new Error(`${canary} was not caught`);
  });
});
