/** JSON as the ledger and the interfaces take it: one strict reading, one canonical writing. */

export { canonicalBytes, canonicalJson } from './canonical.ts';
export { type JsonLimits, jsonLimits, parseJson, parseJsonExactly } from './parse.ts';
export {
  type ExactJson,
  JsonError,
  type JsonErrorCode,
  type JsonObject,
  type JsonValue,
  type JsonWith,
  jsonPointer,
} from './value.ts';
