/** What an organisation allows, evaluated before anything runs. */
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
