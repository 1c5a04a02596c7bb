/** Flows between two dates → stock of each stage before and after, the matrix that is shown, and how long people stay. */
import { type Count, sum } from '../../statistics/index.ts';
import { fixed, optional, percentText, type Released, reachesMinimum } from '../report/index.ts';
import type { Words } from '../words.ts';
import type { StageModel } from './model.ts';

export interface LifecycleCells {
  /** `flows[i][j]`: people from stage i to stage j; the last row enters from outside, the last column leaves to outside. */
  readonly flows: readonly (readonly Released[])[];
  /** `aging[i][k]`: people of stage i who have been there for k + 1 dates, the last column for all dates. */
  readonly aging?: readonly (readonly Released[])[];
}

export interface LifecycleReport {
  readonly stages: readonly {
    readonly name: string;
    /** Absent where a flow that it is made of was hidden. */
    readonly before?: number;
    readonly after?: number;
    /** Share of those before who stand higher after; absent as above, and where nobody was there. */
    readonly moved?: number;
  }[];
  /** As the flows of the cells; null stands for those among the others, for a list of JSON has no hole. */
  readonly flows: readonly (readonly (number | null)[])[];
  /** Flows too small to be shown, together: so stocks still add up. Absent people: some were hidden before they came here. */
  readonly otherFlows: { readonly flows: number; readonly people?: number };
  readonly entered?: number;
  readonly left?: number;
  readonly aging?: readonly (readonly (number | null)[])[];
  readonly words: readonly Words[];
}

/** @throws {RangeError} for a matrix that does not have the model's stages and outside, or a second outside. */
export function reportLifecycle(model: StageModel, cells: LifecycleCells, minimumGroup: number): LifecycleReport {
  const { flows } = cells;
  const count = model.stages.length;
  if (flows.length !== count + 1 || flows.some((row, i) => row.length !== (i === count ? count : count + 1))) {
    throw new RangeError(`flows: expected ${count} rows of ${count + 1} and one of ${count}`);
  }
  const column = (j: number) => flows.flatMap((row) => (j < row.length ? [row[j]] : []));
  const stages = model.stages.map(({ name }, i) => {
    const before = total(flows[i]!);
    const up = total(flows[i]!.slice(i + 1, count));
    return {
      name,
      ...optional('before', whole(before)),
      ...optional('after', whole(total(column(i)))),
      ...optional(
        'moved',
        before && up && before.value > 0 ? Math.min(Math.max(up.value / before.value, 0), 1) : undefined,
      ),
    };
  });
  const shown = flows.map((row) => row.map((flow) => shownFlow(flow, minimumGroup)));
  const others = flows.flatMap((row, i) => row.filter((_, j) => shown[i]![j] === null));
  const report: Omit<LifecycleReport, 'words'> = {
    stages,
    flows: shown,
    otherFlows: { flows: others.length, ...optional('people', whole(total(others))) },
    ...optional('entered', whole(total(flows[count]!))),
    ...optional('left', whole(total(column(count)))),
    ...optional(
      'aging',
      cells.aging?.map((row) => row.map((people) => shownFlow(people, minimumGroup))),
    ),
  };
  return { ...report, words: sentences(model, report) };
}

/** An empty flow is shown as 0: nobody is in it. */
function shownFlow(flow: Released, minimumGroup: number): number | null {
  if (flow === undefined) return null;
  const isEmpty = flow.noise === 0 && flow.value === 0;
  return isEmpty || reachesMinimum(flow, minimumGroup) ? Math.round(flow.value) : null;
}

function total(parts: readonly Released[]): Count | undefined {
  return parts.every((part) => part !== undefined) ? sum(parts) : undefined;
}

function whole(count: Count | undefined): number | undefined {
  return count === undefined ? undefined : Math.round(count.value);
}

function sentences(model: StageModel, report: Omit<LifecycleReport, 'words'>): Words[] {
  const words = report.stages.flatMap(({ name, before, after, moved }, i): Words[] => {
    if (before === undefined || after === undefined) return [];
    const { en, zh } = model.stages[i]!.words;
    const last = i === model.stages.length - 1;
    const up = moved === undefined || last ? undefined : percentText(moved);
    return [
      {
        en: `${name} (${en}): ${fixed(before, 0)} → ${fixed(after, 0)}${up === undefined ? '' : `; ${up} of those before moved up`}.`,
        zh: `${name}（${zh}）：${fixed(before, 0)} → ${fixed(after, 0)}${up === undefined ? '' : `；原有人群中 ${up} 上升`}。`,
      },
    ];
  });
  const { entered, left, otherFlows } = report;
  if (entered !== undefined && left !== undefined) {
    words.push({
      en: `${fixed(entered, 0)} entered, ${fixed(left, 0)} left.`,
      zh: `进入 ${fixed(entered, 0)} 人，离开 ${fixed(left, 0)} 人。`,
    });
  }
  if (otherFlows.flows > 0) {
    const people = otherFlows.people === undefined ? '' : fixed(otherFlows.people, 0);
    words.push({
      en: `Other flows: ${otherFlows.flows}, too small to be shown one by one or hidden to protect such a flow${people === '' ? '' : `, ${people} people together`}.`,
      zh: `其他流转：${otherFlows.flows} 项，过小或为保护此类流转而不逐项显示${people === '' ? '' : `，合计 ${people} 人`}。`,
    });
  }
  return words;
}
