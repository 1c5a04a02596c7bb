/** What an organisation allows, evaluated before anything runs, and what its people's budget has left. */

export {
  afterCharge,
  afterGrant,
  type BudgetAccount,
  type BudgetCharge,
  type BudgetGrant,
  type BudgetRefusal,
  BudgetRefused,
  type BudgetSubject,
  budgetId,
  budgetWords,
  exactTablesMax,
  type PricedVector,
  priceOf,
  shownRho,
} from './budget.ts';
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
export { evaluateKeeper, evaluatePrivacyBudget, pairRhoMax } from './privacy-budget.ts';
export { evaluateRoomPolicy, type RoomPolicyFacts } from './room.ts';
export type { Words } from './words.ts';
