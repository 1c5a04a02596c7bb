/** What an organisation allows, evaluated before anything runs. */
export { evaluateEvaluations } from './evaluations.ts';
export {
  defaultPolicy,
  evaluateDifference,
  evaluatePolicy,
  type Finding,
  PolicyDenied,
  type PolicyFacts,
  type PolicyRule,
  type PolicySettings,
  requireAllowed,
} from './policy.ts';
export type { Words } from './words.ts';
