/** A job as facts and tables: where it stands, what this side may know of its result, why it failed. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { problemLines } from '../problem.ts';
import { figureLines } from './figures.ts';
import { facts, table } from './table.ts';
import { visible } from './text.ts';
import { duration, number, percent, time } from './values.ts';

export type Job = ResponseOf<'job.show'>;
export type Counts = NonNullable<Job['counts']>;

export function jobLines(cli: Cli, job: Job): string[] {
  const { words } = cli;
  const labels = words.job;
  const ended = job.finishedAt !== undefined;
  return [
    ...facts([
      [labels.id, job.id],
      [labels.status, words.states[job.status]],
      [labels.agreement, job.agreement],
      [labels.partners, job.partners.join(', ')],
      [labels.startedBy, job.startedBy],
      [labels.stage, ended ? undefined : `${job.stage}, ${percent(job.progress)}`],
      [labels.rate, job.ratePerSecond === undefined || ended ? undefined : words.rate(number(job.ratePerSecond))],
      [labels.left, job.etaSeconds === undefined || ended ? undefined : words.about(duration(job.etaSeconds, words))],
      [labels.attempt, job.attempt > 1 ? number(job.attempt) : undefined],
      [labels.kernel, job.kernel],
      [labels.created, time(job.createdAt)],
      [labels.took, tookText(cli, job)],
    ]),
    ...countLines(cli, job.counts),
    ...figureLines(cli, job.insight),
    ...(job.error === undefined ? [] : problemLines(job.error, words)),
  ];
}

/** How far a partner is, by its own word. */
export function partnerLines(cli: Cli, partner: ResponseOf<'job.partners'>['items'][number]): string[] {
  const { words } = cli;
  const labels = words.job;
  const { organisation, status, stages = [], unknown } = partner;
  if (unknown !== undefined) return [`${organisation}: ${labels.partnerUnknown[unknown]}`];
  return [
    `${organisation}: ${status === undefined ? '-' : words.states[status]}`,
    ...table(
      [{ title: labels.stage }, { title: labels.progress, right: true }, { title: labels.begun }],
      stages.map(({ name, progress, startedAt }) => [
        visible(name),
        percent(progress),
        startedAt === undefined ? '-' : time(startedAt),
      ]),
    ),
  ];
}

/** What this side learned, as far as the agreement and the minimum group allow; hidden figures are named. */
export function countLines(cli: Cli, counts: Counts | undefined): string[] {
  if (counts === undefined) return [];
  const { words } = cli;
  const labels = words.counts;
  return [
    '',
    ...facts([
      [labels.rows, number(counts.rows)],
      [labels.distinct, number(counts.distinct)],
      [labels.partnerRows, counts.partnerRows === undefined ? undefined : number(counts.partnerRows)],
      [labels.matched, counts.matched === undefined ? undefined : number(counts.matched)],
      [labels.matchRate, counts.matchRate],
    ]),
    ...(counts.byKey.length === 0
      ? []
      : [
          '',
          ...table(
            [
              { title: labels.key },
              { title: labels.rows, right: true },
              { title: labels.matched, right: true },
              { title: labels.share, right: true },
            ],
            counts.byKey.map((row) => [
              row.key,
              number(row.rows),
              row.matched === undefined ? '-' : number(row.matched),
              row.share === undefined ? '-' : percent(row.share),
            ]),
          ),
        ]),
    ...counts.hidden.map((one) => visible(labels.hidden(one.figure, one.reason))),
  ];
}

function tookText(cli: Cli, job: Job): string | undefined {
  if (job.startedAt === undefined || job.finishedAt === undefined) return undefined;
  return duration((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000, cli.words);
}
