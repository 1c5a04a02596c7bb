/** What an organisation allows, evaluated before anything runs. */

export { densityLimit, evaluateDensity, type ListDensity } from './density.ts';
export { evaluateEvaluations } from './evaluations.ts';
export { type Finding, PolicyDenied, type PolicyRule, requireAllowed } from './finding.ts';
export {
  defaultPolicy,
  evaluateDifference,
  evaluatePolicy,
  type PolicyFacts,
  type PolicySettings,
} from './policy.ts';
export type { Words } from './words.ts';
