/** The agreement under which one organisation has figures about shared people from another: terms, statement, figures, evidence. */
export { disclose } from './disclosure.ts';
export { type InsightEvidence, insightEvidenceFormat, verifyInsightEvidence } from './evidence.ts';
export { type InsightFigure, type InsightFigures, showFigures } from './figures.ts';
export { type LieEvidence, lieEvidenceFormat, verifyLieEvidence, writeLie } from './lie.ts';
export { type InsightOutcome, insightOutcome, insightOutcomeDigest } from './outcome.ts';
export { planFigures } from './plan.ts';
export { cellsOf, cellValues, segmentColumns, sumPlanOf } from './sum-plan.ts';
export { checkTerms, type InsightTerms, insightSideOf, insightTerms, senderSide } from './terms.ts';
