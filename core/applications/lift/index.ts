/** The application "lift": what a campaign caused, from groups that were assigned at random; kept apart from attribution. */
export { type LiftSource, liftMembersSql, liftSql } from './cells-sql.ts';
export { detectableDifference, type LiftShape, planLift } from './plan.ts';
export { type Arm, type LiftCells, type LiftReport, reportLift } from './report.ts';
export { type SampleRatio, sampleRatio } from './sample-ratio.ts';
