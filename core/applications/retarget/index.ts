/** The application "retarget": people who were matched and touched, and have not ordered yet. */

export { type RetargetReport, reportRetarget } from './report.ts';
export { type Retargeting, retargetRule, retargetSteps } from './steps.ts';
export { retargetMembersSql, retargetSql } from './steps-sql.ts';
