/**
 * Identifiers: what a column holds (profile), its canonical text (normalise, in JavaScript and in SQL), digests, how two
 * sides' columns become comparable (agree, lift), and what other systems want (destinations).
 */

export { type Comparison, compareProfiles, type DisagreementCode } from './agree.ts';
export {
  type ActivatedColumn,
  activatedColumns,
  type Destination,
  type DestinationField,
  destinations,
  exportSql,
  exportText,
  fieldName,
} from './destinations.ts';
export { type CellCounts, type ColumnSample, type Detection, detect } from './detect/detect.ts';
export { digestText } from './digest.ts';
export { type Lift, type LiftStep, lift, liftSql, liftText, losesValues, sqlFunctions } from './lift.ts';
export { type Normalised, normalise, normaliser } from './normalise.ts';
export {
  type DigestName,
  digestNames,
  formatProfile,
  type IdForm,
  type IdProfile,
  type IdType,
  idTypes,
  parseProfile,
} from './profile.ts';
export {
  type ChangeReason,
  changeReasons,
  IdentifierError,
  type RefusalReason,
  refusalReasons,
  type Sentence,
} from './reasons.ts';
export { type NormaliseColumn, type NormaliseSql, normaliseSelect, normaliseSql } from './sql.ts';
