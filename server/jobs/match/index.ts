/** A match as a job: both parties run it under one id, from its start on the ledger to its end there. */
export {
  type JobReport,
  type KeyRequest,
  MatchJob,
  type MatchJobPorts,
  type MatchResult,
  type MatchRun,
  type OwnList,
} from './match-job.ts';
