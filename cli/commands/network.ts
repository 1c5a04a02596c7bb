/** `causeway network …`: the consortium that this node belongs to. */
import { type CommandFile, command } from '../command.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command<object, [string]>({
    usage: 'network create <name>',
    examples: ['network create "East Coast Marketing"'],
    run: async (cli, { arguments: [name] }) => {
      const network = await cli.api().network.create({ name });
      cli.answer(network, () => [
        words.network.created(visible(network.name)),
        ...facts([[words.network.id, network.id]]),
        words.next('causeway network invite'),
      ]);
    },
  }),
  command({
    usage: 'network invite',
    examples: ['network invite'],
    run: async (cli) => {
      const answer = await cli.api().network.invite();
      cli.note(words.network.inviteNote(time(answer.expiresAt)));
      // Nothing beside it on the output, so that it can be piped or copied whole.
      cli.answer(answer, () => [visible(answer.invite)]);
    },
  }),
  command<object, [string]>({
    usage: 'network join <invite>',
    examples: ['network join causeway:AAECAwQFBgc'],
    run: async (cli, { arguments: [invite] }) => {
      const network = await cli.api().network.join({ invite });
      cli.answer(network, () => [
        words.network.joined(visible(network.name), network.operator),
        words.next('causeway catalogue'),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'network rename <name>',
    examples: ['network rename "Aurora Motors Group"'],
    run: async (cli, { arguments: [name] }) => {
      const answer = await cli.api().network.rename({ name });
      cli.answer(answer, () => [words.network.renamed(visible(answer.name))]);
    },
  }),
  command({
    usage: 'network members',
    examples: ['network members'],
    run: async (cli) => {
      const answer = await cli.api().network.members();
      const labels = words.network;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.organisation },
                { title: labels.name },
                { title: labels.role },
                { title: labels.link },
                { title: labels.endpoint },
                { title: labels.since },
              ],
              answer.items.map((member) => [
                member.self ? `${member.organisation} (${words.you})` : member.organisation,
                member.name,
                member.status === 'left' ? words.states.left : member.operator ? labels.operator : labels.member,
                member.self ? '-' : member.link === undefined ? '-' : words.states[member.link],
                member.endpoint ?? '-',
                time(member.joinedAt),
              ]),
            ),
      );
    },
  }),
];
export default file;
