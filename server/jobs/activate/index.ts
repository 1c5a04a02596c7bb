/** Activations as jobs: both sides blind their lists, the advertiser finds what is in both, and ids or labels are made of it; both sign. */
export {
  ActivateJob,
  type ActivateJobPorts,
  type ActivateResult,
  type ActivateRun,
  type PublisherKeys,
} from './activate-job.ts';
