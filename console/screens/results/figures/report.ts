/** The figures of a report of a room, by the application that was asked for. */

import type { InsightReport } from '@causeway/core/applications/insight';
import type { LiftReport } from '@causeway/core/applications/lift';
import type { OverlapReport } from '@causeway/core/applications/overlap';
import type { ReachReport } from '@causeway/core/applications/reach';
import type {
  AttributionData,
  LifecycleReports,
  ReportApplication,
  SizeReport,
} from '@causeway/core/applications/request';
import type { RetargetReport } from '@causeway/core/applications/retarget';
import type { TrafficReport } from '@causeway/core/applications/traffic';
import { attributionFigures } from './attribution.ts';
import { retargetFigures, sizeFigures } from './audience.ts';
import { indexFigures } from './indices.ts';
import { lifecycleFigures } from './lifecycle.ts';
import { liftFigures } from './lift.ts';
import { overlapFigures } from './overlap.ts';
import { reachFigures } from './reach.ts';
import type { Telling, ToldResult } from './told.ts';
import { trafficFigures } from './traffic.ts';

/** What each application reports. */
interface Reports {
  readonly overlap: OverlapReport;
  readonly insight: InsightReport;
  readonly reach: ReachReport;
  readonly lift: LiftReport;
  readonly lifecycle: LifecycleReports;
  readonly select: SizeReport;
  readonly retarget: RetargetReport;
  readonly attribution: AttributionData;
  readonly traffic: TrafficReport;
}

const figuresOf: { readonly [Name in ReportApplication]: (report: Reports[Name], telling: Telling) => ToldResult } = {
  overlap: overlapFigures,
  insight: indexFigures,
  reach: reachFigures,
  lift: liftFigures,
  lifecycle: lifecycleFigures,
  select: sizeFigures,
  retarget: retargetFigures,
  attribution: attributionFigures,
  traffic: trafficFigures,
};

export function isApplication(name: unknown): name is ReportApplication {
  return typeof name === 'string' && Object.hasOwn(figuresOf, name);
}

/** @param report as the node answered it: the API leaves to each application what its report is made of. */
export function reportFigures(application: ReportApplication, report: unknown, telling: Telling): ToldResult {
  return (figuresOf[application] as (report: unknown, telling: Telling) => ToldResult)(report, telling);
}
