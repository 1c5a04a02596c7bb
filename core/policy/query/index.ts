/**
 * Questions to a room: SQL whose parse tree is held against what the owners allow and turned into a plan of ours, which is all that ever runs; noise,
 * suppression and guards for what comes of it.
 */

export { type CompiledQuery, compileQuery } from './compile/compile.ts';
export {
  type Asker,
  intersect,
  Rights,
  type Terms,
  type Use,
  type UseKind,
  useOfAudience,
  useOfColumn,
} from './compile/uses.ts';
export type { Vector } from './compile/vectors.ts';
export { tellableFigures } from './guard/combinations.ts';
export type { ReleasedSet } from './guard/difference.ts';
export { FigureBook, type PersonFigures } from './guard/figure-book.ts';
export { markOf, markOfWords, marksOf } from './guard/marks.ts';
export { PersonSet } from './guard/person-set.ts';
export { requireTellable, type ToldSets } from './guard/tellable.ts';
export { decodeTold, encodeTold } from './guard/told-bytes.ts';
export { amountMeasures, type Plan, type PlanQuestion, type PlanTable, usedColumns } from './plan.ts';
export { budgetSubjects, type Preview, type PreviewedBudget, previewedBudget, previewQuery } from './preview.ts';
export { QueryRefused, type RefusalPlace } from './refusal.ts';
export { type RefusalCode, sentences } from './refusals/index.ts';
export { releaseExact } from './release/exact.ts';
export { type ReleasedNumbers, withNoise } from './release/numbers.ts';
export { type Answer, presentAnswer, type Value } from './release/present.ts';
export { type Contribution, type RawAnswer, type RawGuard, type RawQuestion, trueNumbers } from './release/raw.ts';
export {
  type AudienceRule,
  type Catalogue,
  type ColumnRule,
  catalogueHash,
  type Protection,
  parseCatalogue,
  type TableRules,
} from './rules/catalogue.ts';
export { atomCount, type Domain, domainOf, isOnGrid } from './rules/domain.ts';
export { type ExactSql, exactSql, type QueryContext, questionSql } from './sql/question.ts';
export type { Sources } from './sql/rows.ts';
export { requireShortText, textBytesMax } from './tree/statement.ts';
