/** The stages of all parties of a job on one line of time: where each begins and ends, as shares of the whole. */
import type { ResponseOf } from '@causeway/core/api';

type Stage = ResponseOf<'job.partners'>['items'][number]['stages'] extends readonly (infer One)[] | undefined
  ? One
  : never;

export interface PartyStages {
  readonly organisation: string;
  readonly stages: readonly Stage[];
}

export interface Bar {
  readonly organisation: string;
  readonly status: Stage['status'];
  readonly progress: number;
  /** Shares of the line; absent for a stage that has not begun, or of which an earlier attempt had the time. */
  readonly place?: { readonly from: number; readonly width: number };
  readonly seconds?: number;
}

export interface Timeline {
  readonly seconds: number;
  readonly rows: readonly { readonly stage: string; readonly bars: readonly Bar[] }[];
}

/**
 * Rows in the order of the first party; what only others have stands behind what they have before it.
 * @param nowMs where stages end that have not.
 */
export function timelineOf(parties: readonly PartyStages[], nowMs: number): Timeline {
  const times = parties.flatMap(({ stages }) => stages).flatMap((stage) => timesOf(stage, nowMs) ?? []);
  const fromMs = Math.min(...times);
  const wholeMs = Math.max(1, Math.max(...times) - fromMs);
  const rows = orderOf(parties.map(({ stages }) => stages.map(({ name }) => name))).map((stage) => ({
    stage,
    bars: parties.flatMap(({ organisation, stages }): Bar[] => {
      const own = stages.find(({ name }) => name === stage);
      if (own === undefined) return [];
      const { status, progress } = own;
      const time = timesOf(own, nowMs);
      if (time === undefined) return [{ organisation, status, progress }];
      const [beginMs, endMs] = time;
      const place = { from: (beginMs - fromMs) / wholeMs, width: (endMs - beginMs) / wholeMs };
      return [{ organisation, status, progress, place, seconds: (endMs - beginMs) / 1000 }];
    }),
  }));
  return { seconds: times.length === 0 ? 0 : wholeMs / 1000, rows };
}

/** A clock that is ahead of this one begins its stages later than now: they have not lasted yet. */
function timesOf({ startedAt, finishedAt }: Stage, nowMs: number): readonly [number, number] | undefined {
  if (startedAt === undefined) return undefined;
  const begin = Date.parse(startedAt);
  const end = finishedAt === undefined ? nowMs : Date.parse(finishedAt);
  return [begin, Math.max(begin, end)];
}

function orderOf(lists: readonly (readonly string[])[]): readonly string[] {
  const order: string[] = [];
  for (const names of lists) {
    let at = 0;
    for (const name of names) {
      const known = order.indexOf(name);
      if (known >= 0) at = known + 1;
      else order.splice(at++, 0, name);
    }
  }
  return order;
}
