/** Reports as they are asked for: what a request reads of whom, what its numbers cost, and what is told of them. */
export { CrawlerListError } from '../traffic/index.ts';
export type { AttributionData } from './attribution.ts';
export type { SizeReport } from './audience.ts';
export { type CompiledReport, compileReport, type PricedTable, resolveReport } from './compile.ts';
export type { LifecycleReports } from './lifecycle.ts';
export type { WantedPlaces } from './reader.ts';
export { type ReportRefusalCode, ReportRefused } from './refusal.ts';
export { presentReport, type ReleasedReport, withoutHidden, withReportNoise } from './release.ts';
export type {
  CountedReport,
  JourneyReport,
  OwnReport,
  PersonNumbers,
  ReportData,
  ResolvedReport,
  Row,
  RowsOf,
} from './report-kind.ts';
export { parseReportRequest, type ReportApplication, type ReportRequest, type RequestOf } from './request.ts';
export {
  type AudienceAsker,
  type AudienceRequest,
  type CompiledAudience,
  compileAudience,
  resolveSelection,
} from './selection.ts';
export { eventsSql } from './sources.ts';
export type { ReleasedTables, ReleaseTable, TrueNumbers } from './table.ts';
