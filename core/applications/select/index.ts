/** The application "select": an audience by rules over tags and events, and how large it will be. */
export { checkRule, type RuleContext, type TagKind } from './check.ts';
export { RuleError, type RuleErrorCode } from './error.ts';
export { type EventCondition, type PlaceCondition, type Rule, ruleLimits, valuedKinds } from './rule.ts';
export { predicateSql, type RuleSource, selectSql } from './select-sql.ts';
export { ruleWords } from './sentences.ts';
export { estimateSize, type SizeEstimate, sizeSql } from './size.ts';
