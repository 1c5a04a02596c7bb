/** The application "match": which of our rows do they have too? From proposal to report, without I/O. */

export { agreementId } from '../agreement-id.ts';
export type { Disclosure } from '../disclosure.ts';
export type { Capacity, GroupFacts, LinkSpeed, PlanFacts } from '../estimate.ts';
export type { EvidenceCheck, EvidenceReport } from '../evidence.ts';
export { matchRate, type RoundCounts, type ShownCounts, showCounts } from './counts.ts';
export { discloseDensities, listDensities } from './density.ts';
export { disclose } from './disclosure.ts';
export { evidenceFormat, type MatchEvidence, verifyEvidence } from './evidence.ts';
export { type MatchOutcome, matchOutcome, outcomeDigest } from './outcome.ts';
export { type MatchPlan, planMatch } from './plan.ts';
export { ecdhEffort } from './psi-ecdh.ts';
export { voleForm } from './psi-vole.ts';
export {
  checkTerms,
  learningOf,
  type MatchedColumn,
  type MatchList,
  type MatchTerms,
  matchTerms,
  otherSide,
  type Receiver,
  receivers,
  removesMatched,
  sideOf,
} from './terms.ts';
