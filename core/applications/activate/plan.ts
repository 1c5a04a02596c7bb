/** What an activation will take: as long as psi/ecdh of the two lists, and what makes ids or labels of it. */
import { basisOf, blindingPoints, type Effort, type PlanFacts, plannedRound, secondsAbout } from '../estimate.ts';
import { bytesOfFlows } from '../flow.ts';
import { ecdhEffort, otherSide } from '../match/index.ts';
import type { Words } from '../words.ts';
import { disclose } from './disclosure.ts';
import { type ActivateKind, type ActivateTerms, roleOf } from './terms.ts';

type Side = 'proposer' | 'partner';

export interface ActivatePlan {
  readonly protocol: ActivateKind;
  readonly kernel: string;
  readonly rounds: readonly ReturnType<typeof plannedRound>[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  readonly secondsAbout: number;
  readonly bytesAbout: number;
  /** What the estimate rests on. */
  readonly words: Words;
}

/** Writing a publisher's row with its ids or its label; sealing a label, or bringing an id into its list: seconds of one core. */
const writtenSeconds = 2e-6;
const madeSeconds = 0.5e-6;

export function planActivate(terms: ActivateTerms, side: Side, facts: PlanFacts): ActivatePlan {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  const bytes = bytesOfFlows(disclose(terms).flows);
  const run = { own: effortOf(terms, side), partner: effortOf(terms, otherSide(side)), bytes };
  return {
    protocol: terms.form.kind,
    kernel: facts.own.kernel,
    rounds: [plannedRound(terms.key, side)],
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    secondsAbout: secondsAbout(run, facts),
    bytesAbout: bytes,
    words: basisOf(facts),
  };
}

function effortOf(terms: ActivateTerms, side: Side): Effort {
  const [own, peer] = [terms[side].rowsAbout, terms[otherSide(side)].rowsAbout];
  const { points, coreSeconds } = ecdhEffort({ own, peer });
  if (roleOf(terms, side) === 'advertiser') return { points, coreSeconds: coreSeconds + madeSeconds * peer };
  // Its keys change as often as lists go out of use, so that but for the first month there are ids under the earlier ones too.
  const again = terms.form.kind === 'pair' ? blindingPoints * own : 0;
  return { points: points + again, coreSeconds: coreSeconds + writtenSeconds * own };
}
