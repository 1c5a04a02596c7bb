/** `causeway dataset …`: files in, and what members may know of them. */
import { basename, extname, resolve } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import { askSome, askText, confirm } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { columnValue } from '../column.ts';
import { type CommandFile, command } from '../command.ts';
import { followOperation } from '../follow.ts';
import { commaList, type PageOptions, pageOptions } from '../parse.ts';
import { organisationOf } from '../reference.ts';
import { type FileReport, fileReportLines, importReportLines } from '../show/import.ts';
import { tableLines } from '../show/oprf-tables.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { valueListLines } from '../show/value-lists.ts';
import { bytes, number, time } from '../show/values.ts';
import { answerOperation } from './operation.ts';

type Dataset = ResponseOf<'dataset.list'>['items'][number];
type Grade = 'public' | 'internal' | 'personal' | 'sensitive';
const grades: readonly Grade[] = ['public', 'internal', 'personal', 'sensitive'];

const file: CommandFile = (words) => [
  command<{ name?: string; id: string[]; attribute: string[] }, [string]>({
    usage: 'dataset add <file>',
    options: [
      { flags: '--name <name>', about: words.options.datasetName },
      { flags: '--id <column:profile>', about: words.options.id, repeated: true },
      { flags: '--attribute <column:grade>', about: words.options.attribute, repeated: true },
    ],
    examples: [
      'dataset add crm.csv --name crm --id mobile:phone --id email:email --attribute city:public --yes',
      'dataset add users.csv --name users --id phone:phone/sha256 --yes',
    ],
    run: add,
  }),
  command<object, [string, string]>({
    usage: 'dataset update <dataset> <file>',
    examples: ['dataset update crm crm-may.csv --yes'],
    run: async (cli, { arguments: [dataset, file] }) => {
      const path = resolve(cli.terminal.folder, file);
      await confirm(cli, words.dataset.updateQuestion(dataset, file));
      const { operation } = await cli.api().dataset.update({ dataset, path });
      return answerOperation(cli, await followOperation(cli, operation));
    },
  }),
  command({
    usage: 'dataset list',
    examples: ['dataset list'],
    run: async (cli) => {
      const { items } = await cli.api().dataset.list();
      cli.answer({ items }, () => (items.length === 0 ? [words.dataset.none] : datasetTable(cli, items)));
    },
  }),
  command<PageOptions, [string]>({
    usage: 'dataset refused <dataset>',
    options: [...pageOptions(words)],
    examples: ['dataset refused crm', 'dataset refused crm --limit 1000 --json'],
    run: async (cli, { arguments: [dataset], options }) => {
      const answer = await cli.api().dataset.refused({ dataset, ...options });
      const labels = words.dataset;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.refusedNone]
          : [
              ...table(
                [
                  { title: labels.refusedRow, right: true },
                  { title: labels.refusedColumn },
                  { title: labels.refusedWhy },
                ],
                answer.items.map(({ row, column, code }) => [number(row), visible(column), code]),
              ),
              ...words.more(answer.next),
            ],
      );
    },
  }),
  command<object, [string, string]>({
    usage: 'dataset values <dataset> <column>',
    examples: ['dataset values crm city'],
    run: async (cli, { arguments: [dataset, column] }) => {
      const answer = await cli.api().dataset.values({ dataset, column });
      const labels = words.dataset;
      cli.answer(answer, () => [
        ...table(
          [{ title: labels.value }, { title: labels.rows, right: true }],
          answer.items.map(({ value, rows }) => [visible(value), number(rows)]),
        ),
        ...(answer.whole ? [] : [labels.valuesMore]),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'dataset show <dataset>',
    examples: ['dataset show crm'],
    run: async (cli, { arguments: [name] }) => {
      const dataset = await cli.api().dataset.show({ dataset: name });
      cli.answer(dataset, () => [
        ...datasetFacts(cli, dataset),
        ...facts([[words.file.file, dataset.file]]),
        '',
        ...importReportLines(cli, dataset.report),
        ...(dataset.tables.length === 0 ? [] : ['', ...tableLines(cli, dataset.tables)]),
      ]);
    },
  }),
  command<PrepareOptions, [string]>({
    usage: 'dataset prepare <dataset>',
    options: [
      { flags: '--with <org>', about: words.options.with, required: true },
      { flags: '--keys <keys>', about: words.options.tableKeys, parse: commaList(words) },
      { flags: '--theirs <dataset>', about: words.options.tableTheirs },
      { flags: '--new-key', about: words.options.newKey },
    ],
    examples: [
      'dataset prepare crm --with borealis',
      'dataset prepare crm --with borealis --keys phone --theirs users --new-key',
    ],
    run: prepare,
  }),
  command<{ values: string[] }, [string]>({
    usage: 'dataset publish <dataset>',
    options: [{ flags: '--values <column>', about: words.options.publishedValues, repeated: true }],
    examples: ['dataset publish crm', 'dataset publish crm --values city --values tier --yes'],
    run: publish,
  }),
  command<object, [string]>({
    usage: 'dataset withdraw <dataset>',
    examples: ['dataset withdraw crm'],
    run: async (cli, { arguments: [name] }) => {
      const dataset = await cli.api().dataset.withdraw({ dataset: name });
      cli.answer(dataset, () => [words.dataset.withdrawn(visible(dataset.name))]);
    },
  }),
  command<object, [string]>({
    usage: 'dataset remove <dataset>',
    examples: ['dataset remove crm --yes'],
    run: async (cli, { arguments: [name] }) => {
      await confirm(cli, words.dataset.removeQuestion(name));
      const answer = await cli.api().dataset.remove({ dataset: name });
      cli.answer(answer, () => [words.dataset.removed(visible(name))]);
    },
  }),
];
export default file;

async function add(
  cli: Cli,
  given: {
    readonly arguments: readonly [string];
    readonly options: { readonly name?: string; readonly id: readonly string[]; readonly attribute: readonly string[] };
  },
): Promise<number> {
  const { words } = cli;
  const path = resolve(cli.terminal.folder, given.arguments[0]);
  const report = await cli.api().dataset.inspect({ path });
  cli.note(...fileReportLines(cli, report), '');
  const columns = report.columns.map((column) => column.name);
  const ids =
    given.options.id.length === 0
      ? await askIds(cli, report)
      : given.options.id
          .map((text) => columnValue(text, columns, words))
          .map(({ column, value }) => ({ column, profile: value }));
  const attributes = given.options.attribute.map((text) => {
    const { column, value } = columnValue(text, columns, words, grades);
    return { column, grade: value as Grade };
  });
  const name =
    given.options.name ??
    (await askText(cli, {
      question: words.dataset.nameQuestion,
      option: '--name NAME',
      initial: basename(path, extname(path)),
    }));
  const used = ids.map(({ column, profile }) => `${column} = ${profile}`).join(', ');
  await confirm(cli, words.dataset.addQuestion({ rows: number(report.rowsAbout), name, used }));
  const { operation } = await cli.api().dataset.add({ path, name, ids, attributes });
  return answerOperation(cli, await followOperation(cli, operation));
}

/** Values that others will see are shown before anything is published, and nothing else is published then. */
async function publish(
  cli: Cli,
  {
    arguments: [name],
    options: { values },
  }: { readonly arguments: readonly [string]; readonly options: { readonly values: readonly string[] } },
): Promise<void> {
  const { dataset: api } = cli.api();
  const labels = cli.words.dataset;
  let seen: { seen?: string } = {};
  if (values.length > 0) {
    const { description, partial, digest } = await api.previewPublication({ dataset: name, values });
    cli.note(
      ...valueListLines(cli, description.attributes),
      ...partial.map((column) => labels.valuesPartial(visible(column))),
      '',
    );
    await confirm(cli, labels.publishQuestion(name));
    seen = { seen: digest };
  }
  const dataset = await api.publish({ dataset: name, values, ...seen });
  cli.answer(dataset, () => [labels.published(visible(dataset.name)), ...datasetFacts(cli, dataset)]);
}

interface PrepareOptions {
  readonly with: string;
  readonly keys?: readonly string[];
  readonly theirs?: string;
  readonly newKey?: true;
}

async function prepare(
  cli: Cli,
  { arguments: [dataset], options }: { readonly arguments: readonly [string]; readonly options: PrepareOptions },
): Promise<number> {
  const { operation } = await cli.api().dataset.prepare({
    dataset,
    with: await organisationOf(cli, options.with),
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...(options.theirs === undefined ? {} : { theirs: options.theirs }),
    ...(options.newKey === undefined ? {} : { newKey: true }),
  });
  return answerOperation(cli, await followOperation(cli, operation));
}

/** The columns that look like identifiers are proposed; the person picks. */
async function askIds(cli: Cli, report: FileReport): Promise<{ column: string; profile: string }[]> {
  const found = report.columns.filter((column) => column.profile !== undefined);
  const option = `--id ${found[0] === undefined ? 'COLUMN:PROFILE' : `${found[0].name}:${found[0].profile}`}`;
  const chosen = await askSome(cli, {
    question: cli.words.dataset.idsQuestion,
    option,
    choices: found.map((column) => ({ value: column.name, label: `${column.name}: ${column.profile}` })),
    chosen: found.map((column) => column.name),
    atLeastOne: true,
  });
  return chosen.map((name) => ({ column: name, profile: found.find((column) => column.name === name)?.profile ?? '' }));
}

function datasetTable(cli: Cli, items: readonly Dataset[]): string[] {
  const labels = cli.words.dataset;
  return table(
    [
      { title: labels.name },
      { title: labels.status },
      { title: labels.rows, right: true },
      { title: labels.ids },
      { title: labels.created },
    ],
    items.map((item) => [
      item.name,
      cli.words.states[item.status],
      number(item.rows),
      item.description.ids.map(({ column, profile }) => `${column}:${profile}`).join(', '),
      time(item.createdAt),
    ]),
  );
}

function datasetFacts(cli: Cli, item: Dataset): string[] {
  const labels = cli.words.dataset;
  const shown = facts([
    [labels.name, item.name],
    [labels.id, item.id],
    [labels.status, cli.words.states[item.status]],
    [labels.rows, `${number(item.rows)} (${bytes(item.bytes)})`],
    [labels.membersSee, cli.words.about(number(item.description.rowsAbout))],
    [labels.ids, item.description.ids.map(({ column, profile }) => `${column}:${profile}`).join(', ')],
    [
      labels.attributes,
      item.description.attributes.map(({ column, grade }) => `${column}:${grade}`).join(', ') || undefined,
    ],
    [labels.created, `${time(item.createdAt)} (${item.createdBy})`],
    [labels.publishedAt, item.publishedAt && time(item.publishedAt)],
  ]);
  return [...shown, ...valueListLines(cli, item.description.attributes)];
}
