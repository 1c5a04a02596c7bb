/** The application "reach": how many people saw a campaign, how often, where, and what each medium added. */
export { type ReachSource, reachCells, reachMembersSql, reachSql } from './cells-sql.ts';
export { planReach, type ReachShape } from './plan.ts';
export { type MediumRow, type ReachCells, type ReachReport, reportReach } from './report.ts';
