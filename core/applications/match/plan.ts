/** What a match will take, and which other protocol could run it. */
import type { KernelName } from '../../group/index.ts';
import { type MatchProtocol, matchProtocols } from '../../protocols/index.ts';
import { basisOf, type Effort, type PlanFacts, secondsAbout } from '../estimate.ts';
import { plannedRound } from '../pair-plan.ts';
import type { Words } from '../words.ts';
import { protocolOf } from './protocol.ts';
import { type MatchTerms, otherSide } from './terms.ts';

export interface MatchPlan extends Estimate {
  readonly kernel: string;
  readonly rounds: readonly ReturnType<typeof plannedRound>[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  /** Why this protocol, and what the estimate rests on. */
  readonly words: Words;
  /** The others that could run these terms, the fastest first. */
  readonly alternatives: readonly (Estimate & { readonly words: Words })[];
}

export interface Estimate {
  readonly protocol: MatchProtocol;
  readonly secondsAbout: number;
  readonly bytesAbout: number;
}

/** Before another protocol is named, it has to be so many times as fast. */
const worthNaming = 1.5;

export function planMatch(terms: MatchTerms, side: 'proposer' | 'partner', facts: PlanFacts): MatchPlan {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  const chosen = estimate(terms, side, facts);
  const alternatives = matchProtocols
    .map((protocol) => ({ ...terms, protocol }))
    .filter((candidate) => candidate.protocol !== terms.protocol && canRun(candidate, facts))
    .map((candidate) => estimate(candidate, side, facts))
    .toSorted((a, b) => a.secondsAbout - b.secondsAbout)
    .map((candidate) => ({ ...candidate, words: comparison(candidate, chosen) }));
  return {
    ...chosen,
    kernel: facts.own.kernel,
    rounds: terms.rounds.map((round) => plannedRound(round, side)),
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    words: basisOf(facts),
    alternatives,
  };
}

function canRun(terms: MatchTerms, facts: PlanFacts): boolean {
  const protocol = protocolOf(terms);
  const kernels = [facts.own.kernel, facts.partner?.kernel ?? facts.own.kernel];
  return protocol !== undefined && protocol.refusal(terms) === undefined && kernels.every(protocol.runsOn);
}

function estimate(terms: MatchTerms, side: 'proposer' | 'partner', facts: PlanFacts): Estimate {
  const protocol = protocolOf(terms);
  if (!protocol) throw new RangeError(`${terms.protocol} cannot be run by this version`);
  const rounds = terms.rounds.length;
  const effortOf = (of: 'proposer' | 'partner', kernel: KernelName): Effort => {
    const { points, coreSeconds } = protocol.effort(terms, of, kernel);
    return { points: rounds * points, coreSeconds: rounds * coreSeconds };
  };
  const bytes = rounds * protocol.bytesAbout(terms);
  const [own, partner] = [
    effortOf(side, facts.own.kernel),
    effortOf(otherSide(side), (facts.partner ?? facts.own).kernel),
  ];
  return { protocol: terms.protocol, secondsAbout: secondsAbout({ own, partner, bytes }, facts), bytesAbout: bytes };
}

function comparison(other: Estimate, chosen: Estimate): Words {
  const name = other.protocol.replace('psi/', '');
  const times = chosen.secondsAbout / other.secondsAbout;
  if (times < worthNaming) {
    return {
      en: `no gain: about ${other.secondsAbout} s.`,
      zh: `速度无明显优势：约 ${other.secondsAbout} 秒。`,
    };
  }
  return {
    en: `About ${times.toFixed(1)} times as fast (${other.secondsAbout} s). It runs only where the agreement names it: --protocol ${name}. Read what it rests on first.`,
    zh: `约快 ${times.toFixed(1)} 倍（${other.secondsAbout} 秒）。仅在协议点名时运行：--protocol ${name}。请先了解其所依赖的假设。`,
  };
}
