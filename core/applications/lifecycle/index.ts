/** The application "lifecycle": how many people stand at which stage, how they move between two dates, and how long they stay. */
export { checkModel, models, type Stage, type StageModel } from './model.ts';
export { type LifecycleShape, planLifecycle } from './plan.ts';
export { type LifecycleCells, type LifecycleReport, reportLifecycle } from './report.ts';
export { agingMembersSql, agingSql, flowMembersSql, flowsSql } from './stages-sql.ts';
