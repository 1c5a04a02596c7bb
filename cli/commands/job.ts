/** `causeway job …`: runs of agreements. */
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { followJob, hasEnded } from '../follow.ts';
import { type PageOptions, pageOptions } from '../parse.ts';
import { exitCodes, problemLines } from '../problem.ts';
import { agreementOf } from '../reference.ts';
import { compareJobs, indexLines } from '../show/indices.ts';
import { countLines, type Job, jobLines, partnerLines } from '../show/job.ts';
import { table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, percent, time } from '../show/values.ts';

const statuses = ['queued', 'running', 'interrupted', 'cancelling', 'finished', 'failed', 'cancelled'] as const;

const file: CommandFile = (words) => [
  command<PageOptions & { status?: (typeof statuses)[number]; agreement?: string }>({
    usage: 'job list',
    options: [
      { flags: '--status <status>', about: words.options.status, choices: statuses },
      { flags: '--agreement <agreement>', about: words.options.agreementOnly },
      ...pageOptions(words),
    ],
    examples: ['job list', 'job list --status running'],
    run: async (cli, { options }) => {
      const { agreement, ...rest } = options;
      const only = agreement === undefined ? {} : { agreement: await agreementOf(cli, agreement) };
      const answer = await cli.api().job.list({ ...rest, ...only });
      const labels = words.job;
      cli.answer(answer, () => [
        ...(answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.id, whole: true },
                { title: labels.status },
                { title: labels.progress, right: true },
                { title: labels.partners },
                { title: words.counts.matched, right: true },
                { title: labels.created },
              ],
              answer.items.map((job) => [
                job.id,
                words.states[job.status],
                percent(job.progress),
                job.partners.join(', '),
                job.matched === undefined ? '-' : number(job.matched),
                time(job.createdAt),
              ]),
            )),
        ...words.more(answer.next),
      ]);
    },
  }),
  command<{ follow?: true; base?: string }, [string]>({
    usage: 'job show <job>',
    options: [
      { flags: '--follow', about: words.options.follow },
      { flags: '--base <job>', about: words.options.baseRun },
    ],
    examples: ['job show job-7d1f', 'job show job-7d1f --follow'],
    run: async (cli, { arguments: [text], options }) => {
      const job = await cli.api().job.show({ job: text });
      if (options.base !== undefined) {
        const report = compareJobs({ audience: job, base: await cli.api().job.show({ job: options.base }) });
        cli.answer(report ?? null, () => indexLines(cli, report));
        return exitCodes.done;
      }
      if (options.follow) return answerEnded(cli, hasEnded(job) ? job : await followJob(cli, job.id));
      cli.answer(job, () => jobLines(cli, job));
      return exitCodes.done;
    },
  }),
  command<object, [string]>({
    usage: 'job partners <job>',
    examples: ['job partners job-7d1f'],
    run: async (cli, { arguments: [text] }) => {
      const answer = await cli.api().job.partners({ job: text });
      cli.answer(answer, () => answer.items.flatMap((partner) => partnerLines(cli, partner)));
    },
  }),
  command<object, [string]>({
    usage: 'job cancel <job>',
    examples: ['job cancel job-7d1f'],
    run: async (cli, { arguments: [text] }) => {
      const job = await cli.api().job.cancel({ job: text });
      cli.answer(job, () => [words.job.isNow(job.id, words.states[job.status])]);
    },
  }),
  command<{ follow?: true }, [string]>({
    usage: 'job resume <job>',
    options: [{ flags: '--follow', about: words.options.follow }],
    examples: ['job resume job-7d1f --follow'],
    run: async (cli, { arguments: [text], options }) => {
      const job = await cli.api().job.resume({ job: text });
      if (options.follow) return answerEnded(cli, await followJob(cli, job.id));
      cli.answer(job, () => [words.job.isNow(job.id, words.states[job.status])]);
      return exitCodes.done;
    },
  }),
];
export default file;

/** The result of a job that was followed to its end; only a finished one is a success. */
export async function answerEnded(cli: Cli, job: Job): Promise<number> {
  const { words } = cli;
  if (job.status !== 'finished') {
    cli.note(words.job.isNow(job.id, words.states[job.status]));
    if (job.error !== undefined) cli.note(...problemLines(job.error, words));
    cli.answer(job, () => []);
    return exitCodes.failed;
  }
  const audience =
    job.audience === undefined || cli.json ? undefined : await cli.api().audience.show({ audience: job.audience });
  cli.answer(job, () => [
    words.job.isNow(job.id, words.states[job.status]),
    ...countLines(cli, job.counts),
    '',
    ...(audience === undefined
      ? [words.job.noAudience]
      : [
          words.job.audience(visible(audience.name), number(audience.rows)),
          words.next(`causeway audience export ${audience.id} --to matched.csv`),
        ]),
    words.next(`causeway evidence export ${job.id} --to evidence.json`),
  ]);
  return exitCodes.done;
}
