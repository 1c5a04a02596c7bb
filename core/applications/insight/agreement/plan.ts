/** What an insight between two will take: as long as psi/ecdh of the two lists, and what encrypts a bit for each row of the sender and adds its values up. */
import { cellSlotsOf, measuresOf } from '../../../protocols/join-sum/index.ts';
import { basisOf, type Effort, type PlanFacts, plannedRound, secondsAbout } from '../../estimate.ts';
import { bytesOfFlows } from '../../flow.ts';
import { ecdhEffort, otherSide } from '../../match/index.ts';
import type { Words } from '../../words.ts';
import { disclose } from './disclosure.ts';
import { sumPlanOf } from './sum-plan.ts';
import { type InsightTerms, senderSide } from './terms.ts';

type Side = 'proposer' | 'partner';

export interface FiguresPlan {
  readonly protocol: 'join/sum';
  readonly kernel: string;
  readonly rounds: readonly ReturnType<typeof plannedRound>[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  readonly secondsAbout: number;
  readonly bytesAbout: number;
  /** What the estimate rests on. */
  readonly words: Words;
}

// bench/results/join-sum.json: 3.63 s of 1,000,000 encrypted bits where a point takes 1/190,000 s (kernels.json), and 1.74 s of 1,000,000 rows with five measures
// in each of two cells.
/** Encrypting a bit, in multiplications of a point. */
const bitPoints = 0.7;
/** Adding a row's measure to a cell: seconds of one core. */
const addedSeconds = 1.7e-7;

export function planFigures(terms: InsightTerms, side: Side, facts: PlanFacts): FiguresPlan {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  const bytes = bytesOfFlows(disclose(terms).flows);
  const run = { own: effortOf(terms, side), partner: effortOf(terms, otherSide(side)), bytes };
  return {
    protocol: terms.protocol,
    kernel: facts.own.kernel,
    rounds: [plannedRound(terms.key, side)],
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    secondsAbout: secondsAbout(run, facts),
    bytesAbout: bytes,
    words: basisOf(facts),
  };
}

function effortOf(terms: InsightTerms, side: Side): Effort {
  const [own, peer] = [terms[side].rowsAbout, terms[otherSide(side)].rowsAbout];
  const { points, coreSeconds } = ecdhEffort({ own, peer });
  if (side !== senderSide(terms)) return { points: points + bitPoints * peer, coreSeconds };
  const shape = sumPlanOf(terms);
  return { points, coreSeconds: coreSeconds + addedSeconds * own * cellSlotsOf(shape) * measuresOf(shape).length };
}
