/** Deliveries as jobs: both sides order what they matched, one seals its values in that order, the other opens them, both sign the receipt. */
export { DeliverJob, type DeliverJobPorts, type DeliverResult, type DeliverRun } from './deliver-job.ts';
