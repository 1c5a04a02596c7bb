/** Two runs of insights as one report: an audience against a base. */
import { compareInsights, type InsightReport } from '@causeway/core/applications/insight';
import type { Cli } from '../cli.ts';
import type { Job } from './job.ts';
import { table } from './table.ts';
import { visible } from './text.ts';
import { percent } from './values.ts';

/** Counts below their agreements' minimum were held back before they came here: no index needs a limit of its own. */
const minimumGroup = 1;

/** @returns undefined where one of them is no insight, or tells not how many people it has. */
export function compareJobs({
  audience,
  base,
}: {
  readonly audience: Job;
  readonly base: Job;
}): InsightReport | undefined {
  const [own, other] = [figuresOf(audience), figuresOf(base)];
  if (own === undefined || other === undefined) return undefined;
  const baseName = { en: `the people of ${base.id}`, zh: ` ${base.id} 的人群` };
  return compareInsights({ audience: own, base: other, baseName, inside: true }, minimumGroup);
}

function figuresOf({ insight }: Job) {
  return insight?.figures === undefined ? undefined : { figures: insight.figures, sigma: insight.sigma };
}

export function indexLines(cli: Cli, report: InsightReport | undefined): string[] {
  const labels = cli.words.insight;
  if (report === undefined) return [labels.notCompared];
  return [
    ...table(
      [
        { title: labels.cell },
        { title: labels.share, right: true },
        { title: labels.baseShare, right: true },
        { title: labels.index, right: true },
        { title: labels.interval, right: true },
      ],
      report.rows.map(({ values, share, baseShare, tgi }) => [
        visible(Object.values(values).join(' × ')),
        share === undefined ? labels.hidden : percent(share),
        baseShare === undefined ? labels.hidden : percent(baseShare),
        tgi === undefined ? '-' : tgi.index.toFixed(0),
        tgi === undefined ? '-' : `${tgi.interval.low.toFixed(0)}–${tgi.interval.high.toFixed(0)}`,
      ]),
    ),
    '',
    ...report.words.map((words) => cli.say(words)),
  ];
}
