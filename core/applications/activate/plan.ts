/** What an activation will take: as long as psi/ecdh of the two lists, and what makes ids or labels of it. */
import type { Side } from '../../protocols/index.ts';
import { blindingPoints, type Effort, type PlanFacts } from '../estimate.ts';
import { bytesOfFlows } from '../flow.ts';
import { ecdhEffort, otherSide } from '../match/index.ts';
import { type PairPlan, planPair } from '../pair-plan.ts';
import { disclose } from './disclosure.ts';
import { type ActivateTerms, roleOf } from './terms.ts';

/** Writing a publisher's row with its ids or its label; sealing a label, or bringing an id into its list: seconds of one core. */
const writtenSeconds = 2e-6;
const madeSeconds = 0.5e-6;

export function planActivate(terms: ActivateTerms, side: Side, facts: PlanFacts): PairPlan {
  const run = {
    protocol: terms.form.kind,
    lists: terms,
    keys: [terms.key],
    effortOf: (of: Side) => effortOf(terms, of),
    bytes: bytesOfFlows(disclose(terms).flows),
  };
  return planPair(run, side, facts);
}

function effortOf(terms: ActivateTerms, side: Side): Effort {
  const [own, peer] = [terms[side].rowsAbout, terms[otherSide(side)].rowsAbout];
  const { points, coreSeconds } = ecdhEffort({ own, peer });
  if (roleOf(terms, side) === 'advertiser') return { points, coreSeconds: coreSeconds + madeSeconds * peer };
  // Its keys change as often as lists go out of use, so that but for the first month there are ids under the earlier ones too.
  const again = terms.form.kind === 'pair' ? blindingPoints * own : 0;
  return { points: points + again, coreSeconds: coreSeconds + writtenSeconds * own };
}
