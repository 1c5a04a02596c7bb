/** What an insight between two will take: as long as psi/ecdh of the two lists, and what encrypts a bit for each row of the sender and adds its values up. */
import type { Side } from '../../../protocols/index.ts';
import { cellSlotsOf, measuresOf } from '../../../protocols/join-sum/index.ts';
import type { Effort, PlanFacts } from '../../estimate.ts';
import { bytesOfFlows } from '../../flow.ts';
import { ecdhEffort, otherSide } from '../../match/index.ts';
import { type PairPlan, planPair } from '../../pair-plan.ts';
import { disclose } from './disclosure.ts';
import { sumPlanOf } from './sum-plan.ts';
import { type InsightTerms, senderSide } from './terms.ts';

// bench/results/join-sum.json: 3.63 s of 1,000,000 encrypted bits where a point takes 1/190,000 s (kernels.json), and 1.74 s of 1,000,000 rows with five measures
// in each of two cells.
/** Encrypting a bit, in multiplications of a point. */
const bitPoints = 0.7;
/** Adding a row's measure to a cell: seconds of one core. */
const addedSeconds = 1.7e-7;

export function planFigures(terms: InsightTerms, side: Side, facts: PlanFacts): PairPlan {
  const run = {
    protocol: terms.protocol,
    lists: terms,
    keys: [terms.key],
    effortOf: (of: Side) => effortOf(terms, of),
    bytes: bytesOfFlows(disclose(terms).flows),
  };
  return planPair(run, side, facts);
}

function effortOf(terms: InsightTerms, side: Side): Effort {
  const [own, peer] = [terms[side].rowsAbout, terms[otherSide(side)].rowsAbout];
  const { points, coreSeconds } = ecdhEffort({ own, peer });
  if (side !== senderSide(terms)) return { points: points + bitPoints * peer, coreSeconds };
  const shape = sumPlanOf(terms);
  return { points, coreSeconds: coreSeconds + addedSeconds * own * cellSlotsOf(shape) * measuresOf(shape).length };
}
