import { describe, expect, it } from 'vitest';
import { type Canary, canaries } from './canary.ts';
import { rarities } from './check/rarities.ts';
import { regressions } from './regressions.ts';
import { type PlayName, type Run, simulate } from './simulation.ts';

/** Seeds in every run of the tests; one of a room takes several times as long as one of a match. */
const seedCounts: Readonly<Record<PlayName, number>> = {
  match: Number(process.env.CAUSEWAY_SIM_SEEDS ?? 300),
  room: Number(process.env.CAUSEWAY_SIM_SEEDS ?? 150),
};
/** Fewer need not show everything that is rare. */
const tellingCounts: typeof seedCounts = { match: 300, room: 150 };
/** Seeds in one test. */
const chunkCount = 50;
const traceLinesMax = 120;
/** For a loaded machine; nothing is measured. */
const timeout = 600_000;

/** Runs a seed; one that breaks a rule is run again with its trace, which becomes the failure's message. */
async function mustHold(name: PlayName, seed: number): Promise<Run> {
  const run = await simulate(name, seed);
  if (run.violations.length === 0) return run;
  const { trace } = await simulate(name, seed, { trace: true });
  const again = `again: node sim/run.ts --of ${name} --seed ${seed} --trace`;
  throw new Error(
    `seed ${seed} breaks a rule:\n${[...run.violations, again, ...trace.slice(-traceLinesMax)].join('\n')}`,
  );
}

const names = {
  match: '[F40, F44, F51–F54, F58, F59] both sides agree, nothing is lost or wrong: 50 seeds from %i',
  room: '[F44, F51–F54, F58, F59, F69, F70] all agree, nothing is told twice, overspent or left: 50 seeds from %i',
} as const;

describe.each(['match', 'room'] as const)('a %s between three nodes, whatever fails', (name) => {
  it.each(regressions[name])('seed $seed: $showed', { timeout }, async ({ seed }) => {
    await mustHold(name, seed);
  });

  const seedCount = seedCounts[name];
  const chunks = Array.from({ length: Math.ceil(seedCount / chunkCount) }, (_, i) => i * chunkCount);
  const met = new Set<string>();
  it.each(chunks)(names[name], { timeout }, async (first) => {
    for (let seed = first; seed < Math.min(first + chunkCount, seedCount); seed++) {
      for (const rarity of (await mustHold(name, seed)).met) met.add(rarity);
    }
  });

  it.skipIf(seedCount < tellingCounts[name])('every rare thing has happened in some seed', () => {
    expect(rarities[name].filter((rarity) => !met.has(rarity))).toEqual([]);
  });

  it('a seed gives the same run again, to the last event', { timeout }, async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [first, second] = [
        await simulate(name, seed, { trace: true }),
        await simulate(name, seed, { trace: true }),
      ];
      expect(second).toEqual(first);
      const { trace: _, ...untraced } = await simulate(name, seed);
      expect(first).toMatchObject(untraced);
    }
  });
});

const caughtBy: Readonly<Record<PlayName, Partial<Record<Canary, RegExp>>>> = {
  match: {
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
  },
  room: {
    'row-forgotten': /media brought \d+ rows to .*, of \d+ that it has/,
    'disk-never-syncs': /./,
    'answer-not-kept':
      /its numbers are not those of the ledger|it does not stand on the ledger|another one than was given/,
    'double-spend': /is overspent/,
    'room-not-erased': /its keeper has erased it, and \d+ files of it are there/,
  },
};

describe.each(['match', 'room'] as const)('the checker of a %s is itself checked', (name) => {
  const tries = 300;
  /** Where the search for a rare one begins: not far before the first seed that shows it. */
  const firstSeeds: Partial<Record<Canary, number>> = { 'double-spend': 100 };
  it.each(canaries[name])(`canary: %s is caught within ${tries} seeds`, { timeout }, async (canary) => {
    const first = firstSeeds[canary] ?? 0;
    for (let seed = first; seed < first + tries; seed++) {
      const { violations } = await simulate(name, seed, { canary });
      if (violations.some((violation) => caughtBy[name][canary]!.test(violation))) return;
      expect(violations).toEqual([]);
    }
    throw new Error(`${canary} was not caught`);
  });
});
