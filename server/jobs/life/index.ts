/** The life of a job that several organisations run under one id: its stages, its end on the ledger, and what becomes of its failures. */
export { JobCalls } from './job-calls.ts';
export { JobFailure, JobPaused, JobStopped } from './job-failure.ts';
export { JobLife, type JobLifePorts, type JobPlot, workLost } from './job-life.ts';
