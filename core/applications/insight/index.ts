/** The application "insight": what an audience is like, against a base that is named. */
export { type InsightSource, insightMembersSql, insightSql } from './cells-sql.ts';
export { type ComparedFigures, compareInsights } from './compare.ts';
export { type InsightShape, planInsight } from './plan.ts';
export { type InsightCells, type InsightReport, type InsightRow, reportInsight } from './report.ts';
export { type Tgi, type TgiCounts, tgi } from './tgi.ts';
