/** `causeway catalogue`: what members have published. */
import { type CommandFile, command } from '../command.ts';
import { organisationOf } from '../reference.ts';
import { indent, table } from '../show/table.ts';
import { fit, visible } from '../show/text.ts';
import { valueListLines } from '../show/value-lists.ts';
import { number, time } from '../show/values.ts';

const nameWidthMax = 48;

const file: CommandFile = (words) => [
  command<{ org?: string }>({
    usage: 'catalogue',
    options: [{ flags: '--org <org>', about: words.options.ownerOnly }],
    examples: ['catalogue', 'catalogue --org borealis'],
    run: async (cli, { options }) => {
      const organisation = options.org === undefined ? {} : { organisation: await organisationOf(cli, options.org) };
      const answer = await cli.api().catalogue.list(organisation);
      const labels = words.catalogue;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : [
              ...table(
                [
                  { title: labels.owner },
                  { title: labels.dataset },
                  { title: labels.rows, right: true },
                  { title: labels.ids },
                  { title: labels.attributes },
                  { title: labels.published },
                ],
                answer.items.map((item) => [
                  item.self ? `${item.owner} (${words.you})` : item.owner,
                  item.name,
                  words.about(number(item.description.rowsAbout)),
                  item.description.ids.map(({ column, profile }) => `${column}:${profile}`).join(', '),
                  item.description.attributes.map(({ column }) => column).join(', '),
                  time(item.publishedAt),
                ]),
              ),
              ...answer.items.flatMap(({ owner, name, description }) => {
                const lists = valueListLines(cli, description.attributes);
                return lists.length === 0
                  ? []
                  : ['', `${owner}${words.colon}${fit(visible(name), nameWidthMax)}`, ...indent(lists)];
              }),
            ],
      );
    },
  }),
];
export default file;
