/** `causeway guest …`: matches with people who have a list and a browser, and no node. */
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { type CommandFile, command } from '../command.ts';
import { dateOrTime, wholeNumber } from '../parse.ts';
import { table } from '../show/table.ts';
import { number, time } from '../show/values.ts';
import type { Words } from '../words/index.ts';

type Invite = ResponseOf<'guest.list'>['items'][number];

interface InviteOptions {
  readonly label: string;
  readonly key: string;
  readonly purpose: string;
  readonly receiver?: Invite['receiver'];
  readonly uses?: number;
  readonly expires?: string;
  readonly rowsMax?: number;
  readonly minimum?: number;
  readonly minimumGroup?: number;
}

const file: CommandFile = (words) => [
  command<InviteOptions, [string]>({
    usage: 'guest invite <dataset>',
    options: [
      { flags: '--label <text>', about: words.options.guestLabel, required: true },
      { flags: '--key <key>', about: words.options.guestKey, required: true },
      { flags: '--purpose <text>', about: words.options.guestPurpose, required: true },
      {
        flags: '--receiver <who>',
        about: words.options.guestReceiver,
        choices: ['guest', 'host', 'both', 'count'],
        default: 'guest',
      },
      { flags: '--uses <n>', about: words.options.uses, parse: wholeNumber(words, { min: 1, max: 100 }) },
      { flags: '--expires <date>', about: words.options.expires, parse: dateOrTime(words) },
      {
        flags: '--rows-max <n>',
        about: words.options.guestRowsMax,
        parse: wholeNumber(words, { min: 1000, max: 10_000_000 }),
      },
      {
        flags: '--minimum <n>',
        about: words.options.minimum,
        parse: wholeNumber(words, { min: 1, max: 1_000_000_000 }),
      },
      {
        flags: '--minimum-group <n>',
        about: words.options.minimumGroup,
        parse: wholeNumber(words, { min: 1, max: 1_000_000 }),
      },
    ],
    examples: ['guest invite crm --label "Corner bakery" --key phone --purpose "Shared customers"'],
    run: async (cli, { arguments: [dataset], options }) => {
      const { expires, minimum, minimumGroup, ...asked } = options;
      const request: RequestOf<'guest.invite'> = {
        dataset,
        ...asked,
        ...(expires === undefined ? {} : { expiresAt: expires }),
        ...(minimum === undefined ? {} : { minimumListRows: minimum }),
        ...(minimumGroup === undefined ? {} : { minimumGroupRows: minimumGroup }),
      };
      const answer = await cli.api().guest.invite(request);
      const link = `http://${cli.config().api}${answer.path}`;
      cli.note(words.guest.inviteNote(answer.invite.label, time(answer.invite.expiresAt)));
      if (answer.invite.status === 'waiting')
        cli.note(words.guest.waits, words.next(`causeway guest confirm ${answer.invite.id}`));
      // Nothing beside it on the output, so that it can be piped or copied whole.
      cli.answer(answer, () => [link]);
    },
  }),
  command({
    usage: 'guest list',
    examples: ['guest list'],
    run: async (cli) => {
      const answer = await cli.api().guest.list();
      cli.answer(answer, () => (answer.items.length === 0 ? [words.guest.none] : invites(words, answer.items)));
    },
  }),
  command<object, [string]>({
    usage: 'guest confirm <invite>',
    examples: ['guest confirm 5f0c2a9be1d34477'],
    run: async (cli, { arguments: [invite] }) => {
      const answer = await cli.api().guest.confirm({ invite });
      cli.answer(answer, () => [words.guest.confirmed(answer.label)]);
    },
  }),
  command<object, [string]>({
    usage: 'guest revoke <invite>',
    examples: ['guest revoke 5f0c2a9be1d34477'],
    run: async (cli, { arguments: [invite] }) => {
      const answer = await cli.api().guest.revoke({ invite });
      cli.answer(answer, () => [words.guest.revoked(answer.label)]);
    },
  }),
];
export default file;

function invites(words: Words, items: readonly Invite[]): string[] {
  const labels = words.guest;
  return table(
    [
      { title: labels.id, whole: true },
      { title: labels.label },
      { title: labels.dataset },
      { title: labels.key },
      { title: labels.receiver },
      { title: labels.status },
      { title: labels.uses, right: true },
      { title: labels.expires },
    ],
    items.map((item) => [
      item.id,
      item.label,
      item.dataset,
      item.key,
      labels.receivers[item.receiver],
      labels.states[item.status],
      `${number(item.usesTaken)} / ${number(item.usesMax)}`,
      time(item.expiresAt),
    ]),
  );
}
