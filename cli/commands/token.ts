/** `causeway token …`: bearer tokens for programs, with one’s own roles. */
import { type CommandFile, command } from '../command.ts';
import { dateOrTime } from '../parse.ts';
import { tokenOf } from '../reference.ts';
import { table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command({
    usage: 'token list',
    examples: ['token list'],
    run: async (cli) => {
      const answer = await cli.api().token.list();
      const labels = words.token;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.name },
                { title: labels.id, whole: true },
                { title: labels.created },
                { title: labels.expires },
                { title: labels.lastUsed },
              ],
              answer.items.map((token) => [
                token.name,
                token.id,
                time(token.createdAt),
                token.expiresAt === undefined ? '-' : time(token.expiresAt),
                token.lastUsedAt === undefined ? '-' : time(token.lastUsedAt),
              ]),
            ),
      );
    },
  }),
  command<{ expires?: string }, [string]>({
    usage: 'token create <name>',
    options: [{ flags: '--expires <date>', about: words.options.expires, parse: dateOrTime(words) }],
    examples: ['token create nightly-run --expires 2030-12-31'],
    run: async (cli, { arguments: [name], options }) => {
      const answer = await cli.api().token.create({
        name,
        ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      });
      cli.note(words.token.onceNote);
      // Alone on the output, so that it can be piped into a file without passing a screen.
      cli.answer(answer, () => [visible(answer.secret)]);
    },
  }),
  command<object, [string]>({
    usage: 'token revoke <token>',
    examples: ['token revoke nightly-run'],
    run: async (cli, { arguments: [name] }) => {
      const answer = await cli.api().token.revoke({ token: await tokenOf(cli, name) });
      cli.answer(answer, () => [words.token.revoked(visible(name))]);
    },
  }),
];
export default file;
