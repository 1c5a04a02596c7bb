/** A match as a job: both parties run it under one id, from its start on the ledger to its end there. */
export { JobFailure, JobPaused, JobStopped } from './job-failure.ts';
export { MatchCalls } from './match-calls.ts';
export {
  type JobReport,
  type KeyRequest,
  MatchJob,
  type MatchJobPorts,
  type MatchResult,
  type MatchRun,
  type OwnList,
} from './match-job.ts';
