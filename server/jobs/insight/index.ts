/** The job of an insight: join/sum over the link, to figures. */
export {
  InsightJob,
  type InsightJobPorts,
  type InsightResult,
  type InsightRun,
  type InsightStage,
} from './insight-job.ts';
