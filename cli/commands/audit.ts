/** `causeway audit …`: who did what on this node. */
import { type CommandFile, command } from '../command.ts';
import { type PageOptions, pageOptions } from '../parse.ts';
import { exitCodes } from '../problem.ts';
import { table } from '../show/table.ts';
import { number, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command<PageOptions & { job?: string }>({
    usage: 'audit list',
    options: [{ flags: '--job <job>', about: words.options.jobOnly }, ...pageOptions(words)],
    examples: ['audit list --limit 20', 'audit list --job job-7d1f'],
    run: async (cli, { options }) => {
      const answer = await cli.api().audit.list(options);
      const labels = words.audit;
      cli.answer(answer, () => [
        ...table(
          [
            { title: labels.sequence, right: true },
            { title: labels.at },
            { title: labels.actor },
            { title: labels.action },
            { title: labels.target },
            { title: labels.outcome },
            { title: labels.detail },
          ],
          answer.items.map((entry) => [
            number(entry.sequence),
            time(entry.at),
            entry.actor,
            entry.action,
            entry.target ?? '-',
            words.outcomes[entry.outcome],
            entry.detail ?? '',
          ]),
        ),
        ...words.more(answer.next),
      ]);
    },
  }),
  command({
    usage: 'audit verify',
    examples: ['audit verify'],
    run: async (cli) => {
      const answer = await cli.api().audit.verify();
      cli.answer(answer, () => [
        answer.ok ? words.audit.ok(number(answer.entries)) : words.audit.broken(number(answer.firstBroken ?? 0)),
      ]);
      return answer.ok ? exitCodes.done : exitCodes.failed;
    },
  }),
];
export default file;
