/** The application "match": which of our rows do they have too? From proposal to report, without I/O. */
export { matchRate, type RoundCounts, type ShownCounts, showCounts } from './counts.ts';
export { listDensities } from './density.ts';
export { type Disclosure, disclose } from './disclosure.ts';
export {
  type EvidenceCheck,
  type EvidenceReport,
  evidenceFormat,
  type MatchEvidence,
  verifyEvidence,
} from './evidence.ts';
export { type MatchOutcome, matchOutcome, outcomeDigest } from './outcome.ts';
export { type Capacity, type LinkSpeed, type MatchPlan, type PlanFacts, planMatch } from './plan.ts';
export { voleForm } from './psi-vole.ts';
export {
  agreementId,
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
