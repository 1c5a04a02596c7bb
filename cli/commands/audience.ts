/** `causeway audience …`: named sets of one’s own rows. */
import { resolve } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { followOperation } from '../follow.ts';
import { commaList, type PageOptions, pageOptions } from '../parse.ts';
import { facts, table } from '../show/table.ts';
import { number, time } from '../show/values.ts';
import { answerOperation } from './operation.ts';

interface ExportOptions {
  readonly to: string;
  readonly columns?: readonly string[];
  readonly destination?: string;
  readonly kind?: string;
  readonly without: readonly string[];
}

const file: CommandFile = (words) => [
  command<PageOptions & { dataset?: string }>({
    usage: 'audience list',
    options: [{ flags: '--dataset <dataset>', about: words.options.datasetOnly }, ...pageOptions(words)],
    examples: ['audience list', 'audience list --dataset crm'],
    run: async (cli, { options }) => {
      const answer = await cli.api().audience.list(options);
      const labels = words.audience;
      cli.answer(answer, () => [
        ...(answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.id, whole: true },
                { title: labels.name },
                { title: labels.rows, right: true },
                { title: labels.dataset },
                { title: labels.status },
                { title: labels.created },
              ],
              answer.items.map((item) => [
                item.id,
                item.name,
                number(item.rows),
                item.datasetName,
                words.states[item.status],
                time(item.createdAt),
              ]),
            )),
        ...words.more(answer.next),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'audience show <audience>',
    examples: ['audience show crm-matched'],
    run: async (cli, { arguments: [audience] }) => {
      const item = await cli.api().audience.show({ audience });
      const labels = words.audience;
      cli.answer(item, () =>
        facts([
          [labels.name, item.name],
          [labels.id, item.id],
          [labels.rows, number(item.rows)],
          [labels.dataset, item.datasetName],
          [labels.job, item.job],
          [words.agreement.id, item.agreement],
          [words.agreement.expires, time(item.expiresAt)],
          [labels.status, words.states[item.status]],
          [labels.created, time(item.createdAt)],
          [labels.digest, item.digest],
        ]),
      );
    },
  }),
  command({
    usage: 'audience destinations',
    examples: ['audience destinations'],
    run: async (cli) => {
      const answer = await cli.api().audience.destinations();
      const labels = words.audience;
      cli.answer(answer, () =>
        table(
          [
            { title: labels.id, whole: true },
            { title: labels.name },
            { title: labels.layout },
            { title: labels.kinds },
          ],
          answer.items.map(({ id, name, layout, kinds }) => [
            id,
            cli.say(name),
            labels.layouts[layout],
            kinds.join(', '),
          ]),
        ),
      );
    },
  }),
  command<ExportOptions, [string]>({
    usage: 'audience export <audience>',
    options: [
      { flags: '--to <file>', about: words.options.to, required: true },
      { flags: '--columns <columns>', about: words.options.columns, parse: commaList(words) },
      { flags: '--destination <name>', about: words.options.destination },
      { flags: '--kind <name>', about: words.options.kind },
      { flags: '--without <dataset>', about: words.options.without, repeated: true },
    ],
    examples: [
      'audience export crm-matched --to matched.csv --columns mobile,city',
      'audience export crm-matched --to upload.txt --destination tencent-ads --kind HASH_MOBILE_PHONE --without opt-outs',
    ],
    run: async (cli, { arguments: [audience], options }) => {
      const { operation } = await cli.api().audience.export({
        audience,
        to: resolve(cli.terminal.folder, options.to),
        ...(options.columns === undefined ? {} : { columns: options.columns }),
        ...(options.destination === undefined ? {} : { destination: options.destination }),
        ...(options.kind === undefined ? {} : { kind: options.kind }),
        ...(options.without.length === 0 ? {} : { without: options.without }),
      });
      return answerOperation(cli, await followOperation(cli, operation));
    },
  }),
];
export default file;
