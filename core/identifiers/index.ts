/**
 * Identifiers: what a column holds (profile), its canonical text (normalise, in JavaScript and in SQL), digests, what a
 * column looks like (detect), and how two sides' columns become comparable (agree).
 */

export { digestText } from './digest.ts';
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
