import { eventKinds, type TouchKind } from '../events/index.ts';
import {
  defaultTraffic,
  type InvalidReason,
  judgedEventsSql,
  readCrawlerList,
  reportTraffic,
  trafficCountsSql,
} from '../traffic/index.ts';
import { hasColumn, type Reader } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import type { OwnReport } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { loggedEventsSql } from './sources.ts';

/** @throws {CrawlerListError} */
export function resolveTraffic(request: RequestOf<'traffic'>, reader: Reader): OwnReport {
  const { agent, address, device, clickAfterExposureSeconds } = request;
  const [table] = reader.events(request.events, { groups: ['channel'] }, []);
  const logged = { agent, address, device };
  for (const name of Object.values(logged)) {
    if (name !== undefined && !hasColumn(table!, name)) throw new ReportRefused('unknown-column', name);
  }
  const crawlers = readCrawlerList(request.crawlers);
  const settings = {
    ...defaultTraffic,
    ...(clickAfterExposureSeconds === undefined ? {} : { clickAfterExposureSeconds }),
  };
  const names = Object.fromEntries(
    Object.entries(logged).flatMap(([as, name]) => (name === undefined ? [] : [[as, name]])),
  );
  return {
    kind: 'own-rows',
    statements: (sources) => {
      const events = `(${loggedEventsSql(table!, Object.values(names), sources)})`;
      return {
        counts: trafficCountsSql(
          `(${judgedEventsSql({ events, ...names }, settings, crawlers)})`,
          request.sampleSize ?? 5,
        ),
      };
    },
    report: (rows) =>
      reportTraffic(
        rows('counts').map((row) => ({
          kind: eventKinds[Number(row.kind)] as TouchKind,
          reason: (row.reason ?? undefined) as InvalidReason | undefined,
          events: Number(row.events),
          sample: (row.sample as readonly unknown[]).map(String),
        })),
      ),
  };
}
