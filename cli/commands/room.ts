/** `causeway room …`: questions to pseudonymous rows that one member keeps for all. */
import { resolve } from 'node:path';
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { confirm } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { readDocument } from '../files.ts';
import { answerLines, keptLines, reportLines } from '../show/room-answer.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

type Room = ResponseOf<'room.show'>;

const question = 'SELECT city, count(distinct crm.person) FROM crm JOIN users USING (person) GROUP BY city';

const file: CommandFile = (words) => [
  command({
    usage: 'room list',
    examples: ['room list'],
    run: async (cli) => {
      const answer = await cli.api().room.list();
      const labels = words.room;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.room },
                { title: labels.status },
                { title: labels.keeper },
                { title: labels.contributors },
                { title: labels.answers, right: true },
              ],
              answer.items.map((room) => [
                room.id,
                labels.states[room.status],
                room.keeper,
                room.contributors.map(({ organisation }) => organisation).join(', '),
                number(room.answers),
              ]),
            ),
      );
    },
  }),
  command<object, [string]>({
    usage: 'room show <room>',
    examples: ['room show job-7d1f'],
    run: async (cli, { arguments: [room] }) => {
      const answer = await cli.api().room.show({ room });
      cli.answer(answer, () => roomLines(cli, answer));
    },
  }),
  command<object, [string, string]>({
    usage: 'room preview <room> <question>',
    examples: [`room preview job-7d1f "${question}"`],
    run: async (cli, { arguments: [room, statement] }) => {
      const answer = await cli.api().room.preview({ room, statement });
      cli.answer(answer, () => [words.room.wouldCost(number(answer.rho))]);
    },
  }),
  command<object, [string, string]>({
    usage: 'room ask <room> <question>',
    examples: [`room ask job-7d1f "${question}"`],
    run: async (cli, { arguments: [room, statement] }) => {
      const answer = await cli.api().room.ask({ room, statement });
      cli.answer(answer, () => [
        ...answerLines(cli, answer.answer),
        answer.state === 'known' ? words.room.wasKnown : words.room.hasCost(number(answer.rho)),
        words.room.onLedger(answer.question.slice(0, 12), answer.result.slice(0, 12)),
      ]);
    },
  }),
  command<{ readonly preview?: true }, [string, string]>({
    usage: 'room report <room> <file>',
    options: [{ flags: '--preview', about: words.options.previewReport }],
    examples: ['room report job-7d1f report.json --preview', 'room report job-7d1f report.json'],
    run: async (cli, { arguments: [room, file], options }) => {
      // The node says what is wrong with it.
      const document = await readDocument(cli, resolve(cli.terminal.folder, file));
      const request = document as RequestOf<'room.report'>['request'];
      if (options.preview) {
        const answer = await cli.api().room.previewReport({ room, request });
        cli.answer(answer, () => [words.room.wouldCost(number(answer.rho))]);
        return;
      }
      const answer = await cli.api().room.report({ room, request });
      cli.answer(answer, () => [
        ...reportLines(cli, answer.report),
        answer.state === 'known' ? words.room.wasKnown : words.room.hasCost(number(answer.rho)),
        words.room.onLedger(answer.question.slice(0, 12), answer.result.slice(0, 12)),
      ]);
    },
  }),
  command<{ readonly name?: string }, [string, string]>({
    usage: 'room select <room> <file>',
    options: [{ flags: '--name <name>', about: words.options.audienceName }],
    examples: ['room select job-7d1f select.json --name spring-buyers'],
    run: async (cli, { arguments: [room, file], options }) => {
      const document = await readDocument(cli, resolve(cli.terminal.folder, file));
      const request = document as RequestOf<'room.select'>['request'];
      const answer = await cli.api().room.select({ room, request, ...options });
      cli.answer(answer, () => [
        ...audienceLines(cli, answer),
        words.room.audienceMade(visible(answer.audience.name), number(answer.audience.rows)),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'room audiences <room>',
    examples: ['room audiences job-7d1f'],
    run: async (cli, { arguments: [room] }) => {
      const answer = await cli.api().room.audiences({ room });
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [words.room.noAudiences]
          : answer.items.flatMap((item) => [`${time(item.at)}  ${item.receiver}`, ...audienceLines(cli, item)]),
      );
    },
  }),
  command<object, [string]>({
    usage: 'room answers <room>',
    examples: ['room answers job-7d1f'],
    run: async (cli, { arguments: [room] }) => {
      const answer = await cli.api().room.answers({ room });
      cli.answer(answer, () => [
        ...(answer.withdrawn ? [words.room.withdrawn] : []),
        ...(answer.items.length === 0 ? [words.room.noAnswers] : []),
        ...answer.items.flatMap((item) => [
          `${time(item.at)}  ${visible(item.statement)}`,
          ...keptLines(cli, item.answer),
        ]),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'room close <room>',
    examples: ['room close job-7d1f --yes'],
    run: async (cli, { arguments: [room] }) => {
      await confirm(cli, words.room.closeQuestion(visible(room)));
      const answer = await cli.api().room.close({ room });
      cli.answer(answer, () => roomLines(cli, answer));
    },
  }),
];
export default file;

/** The rule, what its estimate told, and what the ledger has of it. */
function audienceLines(
  cli: Cli,
  { rule, size, selection, result }: Omit<ResponseOf<'room.audiences'>['items'][number], 'at' | 'receiver'>,
): string[] {
  const said = [rule, ...size].map((sentence) => visible(cli.say(sentence)));
  return [...new Set(said), cli.words.room.audienceOnLedger(selection.slice(0, 12), result.slice(0, 12))];
}

function roomLines(cli: Cli, room: Room): string[] {
  const labels = cli.words.room;
  const contributor = (one: Room['contributors'][number]) => {
    const said = [
      one.joined ? labels.joined : labels.notJoined,
      ...(one.manifest === undefined ? [] : [labels.uploaded(one.manifest.slice(0, 12))]),
      ...(one.acknowledged === undefined ? [] : [labels.acknowledged[one.acknowledged]]),
    ];
    return `${one.organisation} (${said.join(', ')})`;
  };
  return facts([
    [labels.room, room.id],
    [labels.status, labels.states[room.status]],
    [cli.words.agreement.id, room.agreement],
    [labels.keeper, room.keeper],
    [labels.contributors, room.contributors.map(contributor).join('; ')],
    [labels.receivers, room.receivers.join(', ')],
    [labels.answers, number(room.answers)],
    [labels.audiences, number(room.audiences)],
    [labels.deletedAt, room.deletedAt === undefined ? undefined : time(room.deletedAt)],
  ]);
}
