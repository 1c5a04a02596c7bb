/** JSON as the ledger and the interfaces take it: one strict reading, one canonical writing. */

export { canonicalBytes, canonicalJson } from './canonical.ts';
export { type JsonLimits, jsonLimits, parseJson } from './parse.ts';
export { JsonError, type JsonErrorCode, type JsonObject, type JsonValue, jsonPointer } from './value.ts';
