/** The application "overlap": how many of one list are on the other, by identifier and by segment, without saying who. */
export { type OverlapSource, overlapMembersSql, overlapSql } from './cells-sql.ts';
export { type OverlapShape, planOverlap } from './plan.ts';
export { type OverlapCells, type OverlapReport, type OverlapRow, reportOverlap } from './report.ts';
