/** Tables as they stand in files, whatever file it is: their bounds, their header, and delimited text with its encoding and dialect. */
export {
  DelimitedScanner,
  type Dialect,
  fieldForm,
  type RecordSink,
  type RecordView,
  type ScanOptions,
} from './delimited.ts';
export { detectDialect } from './dialect.ts';
export {
  type DetectedEncoding,
  decodeToUtf8,
  detectEncoding,
  type Encoding,
  EncodingError,
  type IsUtf8,
} from './encoding.ts';
export { columnName, looksLikeHeader } from './header.ts';
export { tableLimits } from './limits.ts';
export { RowError, type RowFault, type RowPlace } from './row-error.ts';
export { fieldText, type Sample, sampleRecords } from './sample.ts';
