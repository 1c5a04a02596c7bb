/** The application "attribution": which touches the orders are credited to, by rules and by models of all paths; apart from what caused them. */
export { type AttributionCells, attributionCells, type CreditTable, type PlacementCost } from './cells.ts';
export {
  type Collected,
  type CollectedCounts,
  type CollectInput,
  type DimensionUnits,
  JourneyCollector,
  type OwnPart,
} from './collect.ts';
export { denseCounts, denseTransitionCount, denseTransitions } from './dense-markov.ts';
export {
  countShortPaths,
  explorePaths,
  type NoisyPaths,
  type PathExplorer,
  type PathRow,
  reportPaths,
  type ShortPath,
  shortPathsOf,
} from './explorer.ts';
export { type Dimension, dimensions, type JourneyBatch, type Placement } from './journey-batch.ts';
export { type CountedPaths, type Journey, type Journeys, type Path, packJourneys, pathsOf } from './journeys.ts';
export {
  coarsened,
  coarsening,
  countTransitions,
  type JourneyTransitions,
  journeyTransitions,
  type MarkovResult,
  removalEffects,
  type TransitionTable,
} from './markov.ts';
export {
  markovFromCounts,
  type NoisyCounts,
  type NoisyCredit,
  type NoisyModelOptions,
  rateFromCounts,
} from './noisy-models.ts';
export { type PathCredit, type PathModelOptions, pathCredits } from './path-models.ts';
export { PathTree } from './path-tree.ts';
export { type AttributionShape, planAttribution } from './plan.ts';
export {
  type AttributionReport,
  type AttributionRow,
  type AttributionTable,
  type MoneyRow,
  reportAttribution,
} from './report.ts';
export { shareOrder, shareValue } from './rules.ts';
export { modelNames } from './sentences.ts';
export {
  type AttributionModel,
  type AttributionSettings,
  checkAttribution,
  creditsPerOrder,
  daySeconds,
  defaultAttribution,
  type PathModel,
  type RuleModel,
  ruleModels,
} from './settings.ts';
export {
  countOrderSets,
  countPersonSets,
  exactUnitsMax,
  journeySets,
  permutationsFor,
  rateExact,
  type SampleBound,
  shapleyOrders,
  shapleyRate,
  type UnitSets,
} from './shapley.ts';
export { type AttributionSource, costsSql, placementsSql, refundsToldSql, streamSql } from './stream-sql.ts';
export { attributionTold, type RefundsTold } from './told.ts';
