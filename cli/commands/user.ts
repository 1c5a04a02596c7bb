/** `causeway user …`: who may do what on this node. */
import { type ResponseOf, type Role, roles } from '@causeway/core/api';
import { askSecret } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { userOf } from '../reference.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { time } from '../show/values.ts';

type User = ResponseOf<'user.create'>;

const file: CommandFile = (words) => {
  const role = { flags: '--role <role>', about: words.options.role, repeated: true, choices: roles } as const;
  const passwordFile = { flags: '--password-file <file>', about: words.options.passwordFile };
  return [
    command({
      usage: 'user list',
      examples: ['user list'],
      run: async (cli) => {
        const answer = await cli.api().user.list();
        const labels = words.user;
        cli.answer(answer, () =>
          table(
            [
              { title: labels.name },
              { title: labels.roles },
              { title: labels.status },
              { title: labels.lastSignIn },
              { title: labels.id, whole: true },
            ],
            answer.items.map((user) => [
              user.name,
              user.roles.map((one) => words.roles[one]).join(', '),
              words.states[user.status],
              user.lastSignInAt === undefined ? '-' : time(user.lastSignInAt),
              user.id,
            ]),
          ),
        );
      },
    }),
    command<{ role: Role[]; passwordFile?: string }, [string]>({
      usage: 'user create <name>',
      options: [{ ...role, required: true }, passwordFile],
      examples: ['user create lin.mei --role analyst --role steward --password-file password.txt'],
      run: async (cli, { arguments: [name], options }) => {
        const password = await askPassword(cli, options.passwordFile);
        const user = await cli.api().user.create({ name, password, roles: options.role });
        cli.answer(user, () => userFacts(cli, user));
      },
    }),
    command<{ role: Role[]; disable?: true; enable?: true }, [string]>({
      usage: 'user update <user>',
      options: [
        role,
        { flags: '--disable', about: words.options.disable },
        { flags: '--enable', about: words.options.enable },
      ],
      examples: ['user update lin.mei --role approver', 'user update lin.mei --disable'],
      run: async (cli, { arguments: [name], options }) => {
        const user = await cli.api().user.update({
          user: await userOf(cli, name),
          ...(options.role.length === 0 ? {} : { roles: options.role }),
          ...(options.disable ? { status: 'disabled' } : options.enable ? { status: 'active' } : {}),
        });
        cli.answer(user, () => userFacts(cli, user));
      },
    }),
    command<{ passwordFile?: string }, [string]>({
      usage: 'user password <user>',
      options: [passwordFile],
      examples: ['user password lin.mei --password-file password.txt'],
      run: async (cli, { arguments: [name], options }) => {
        const user = await userOf(cli, name);
        const answer = await cli
          .api()
          .user.setPassword({ user, password: await askPassword(cli, options.passwordFile) });
        cli.answer(answer, () => [words.user.passwordSet(visible(name))]);
      },
    }),
    command({
      usage: 'user me',
      examples: ['user me'],
      run: async (cli) => {
        const answer = await cli.api().session.me();
        cli.answer(answer, () => userFacts(cli, answer.user));
      },
    }),
  ];
};
export default file;

function askPassword(cli: Cli, file: string | undefined): Promise<string> {
  return askSecret(cli, { question: cli.words.user.passwordQuestion, option: '--password-file FILE', file });
}

function userFacts(cli: Cli, user: User): string[] {
  const labels = cli.words.user;
  return facts([
    [labels.name, user.name],
    [labels.id, user.id],
    [labels.roles, user.roles.map((one) => cli.words.roles[one]).join(', ')],
    [labels.status, cli.words.states[user.status]],
    [labels.lockedUntil, user.lockedUntil && time(user.lockedUntil)],
    [labels.created, time(user.createdAt)],
    [labels.lastSignIn, user.lastSignInAt && time(user.lastSignInAt)],
  ]);
}
