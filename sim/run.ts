/**
 * Runs seeds and says which ones break a rule:
 *
 *     node sim/run.ts --seed 42 --trace
 *     node sim/run.ts --from 0 --count 1000
 *     node sim/run.ts --of room --from 0 --count 1000
 *     node sim/run.ts --canary row-forgotten
 */
import { parseArgs } from 'node:util';
import { canaries } from './canary.ts';
import { rarities } from './check/rarities.ts';
import { type PlayName, plays, simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'match' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '100' },
    trace: { type: 'boolean', default: false },
    canary: { type: 'string' },
    /** Ends at the first seed that breaks a rule. */
    stop: { type: 'boolean', default: false },
  },
});

const name = Object.keys(plays).find((one): one is PlayName => one === values.of);
if (name === undefined) throw new RangeError(`what can be run: ${Object.keys(plays).join(', ')}`);
const canary = canaries[name].find((one) => one === values.canary);
if (values.canary !== undefined && canary === undefined) throw new RangeError(`canaries: ${canaries[name].join(', ')}`);
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.count) : 1;
const endings = new Map<string, number>();
const failed: number[] = [];
const met = new Map<string, number>();
const startedMs = performance.now();
let eventCount = 0;
for (let seed = from; seed < from + count; seed++) {
  const run = await simulate(name, seed, { trace: values.trace, ...(canary && { canary }) });
  eventCount += run.eventCount;
  for (const rarity of run.met) met.set(rarity, (met.get(rarity) ?? 0) + 1);
  if (values.trace) console.log(run.trace.join('\n'));
  for (const ending of run.endings) endings.set(ending, (endings.get(ending) ?? 0) + 1);
  if (run.violations.length === 0) continue;
  failed.push(seed);
  console.log(`seed ${seed}: ${run.violations.join('\n  ')}`);
  if (values.stop) break;
}
const seconds = (performance.now() - startedMs) / 1000;
console.log(
  `${count} seeds in ${seconds.toFixed(1)} s (${((1000 * seconds) / count).toFixed(0)} ms each, ${Math.round(eventCount / count)} events), jobs: ${[...endings].map(([ending, n]) => `${n} ${ending}`).join(', ')}`,
);
for (const rarity of rarities[name]) console.log(`${String(met.get(rarity) ?? 0).padStart(6)}  ${rarity}`);
console.log(failed.length === 0 ? 'no rule was broken' : `${failed.length} failed: ${failed.join(' ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
