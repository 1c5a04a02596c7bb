export { DeliverJob, type DeliverJobPorts, type DeliverResult, type DeliverRun } from './deliver-job.ts';
