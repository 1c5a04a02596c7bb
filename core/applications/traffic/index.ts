/** The application "traffic": events that no person stands behind, each with its reason. */
export { agentReason } from './agents.ts';
export { type CrawlerList, CrawlerListError, readCrawlerList } from './crawler-list.ts';
export { type InvalidReason, invalidReasons } from './reasons.ts';
export { reportTraffic, type TrafficCounts, type TrafficReport } from './report.ts';
export { defaultTraffic, type RateLimit, type TrafficSettings } from './settings.ts';
export { judgedEventsSql, type TrafficSource, trafficCountsSql, validEventsSql } from './traffic-sql.ts';
