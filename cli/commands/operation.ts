/** `causeway operation …`: long work of this node alone, such as an import. */
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { followOperation, hasEnded, type Operation } from '../follow.ts';
import { exitCodes, problemLines } from '../problem.ts';
import { backupLines } from '../show/backup.ts';
import { importReportLines } from '../show/import.ts';
import { tableLines } from '../show/oprf-tables.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { bytes, duration, number, percent, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command({
    usage: 'operation list',
    examples: ['operation list'],
    run: async (cli) => {
      const answer = await cli.api().operation.list();
      const labels = words.operation;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.id, whole: true },
                { title: labels.kind },
                { title: labels.target },
                { title: labels.status },
                { title: labels.progress, right: true },
                { title: labels.started },
              ],
              answer.items.map((item) => [
                item.id,
                words.operationKinds[item.kind],
                item.target,
                words.states[item.status],
                percent(item.progress),
                time(item.startedAt),
              ]),
            ),
      );
    },
  }),
  command<{ follow?: true }, [string]>({
    usage: 'operation show <operation>',
    options: [{ flags: '--follow', about: words.options.follow }],
    examples: ['operation show op-41ac', 'operation show op-41ac --follow'],
    run: async (cli, { arguments: [operation], options }) => {
      const item = await cli.api().operation.show({ operation });
      if (options.follow) return answerOperation(cli, hasEnded(item) ? item : await followOperation(cli, item.id));
      const labels = words.operation;
      cli.answer(item, () => [
        ...facts([
          [labels.id, item.id],
          [labels.kind, words.operationKinds[item.kind]],
          [labels.target, item.target],
          [labels.status, words.states[item.status]],
          [labels.progress, item.finishedAt === undefined ? `${item.stage}, ${percent(item.progress)}` : undefined],
          [labels.left, item.etaSeconds === undefined ? undefined : words.about(duration(item.etaSeconds, words))],
          [labels.started, `${time(item.startedAt)} (${item.startedBy})`],
          [labels.finished, item.finishedAt && time(item.finishedAt)],
        ]),
        ...resultLines(cli, item),
        ...(item.error === undefined ? [] : problemLines(item.error, words)),
      ]);
      return exitCodes.done;
    },
  }),
  command<object, [string]>({
    usage: 'operation cancel <operation>',
    examples: ['operation cancel op-41ac'],
    run: async (cli, { arguments: [operation] }) => {
      const item = await cli.api().operation.cancel({ operation });
      cli.answer(item, () => [words.operation.isNow(item.id, words.states[item.status])]);
    },
  }),
];
export default file;

/** The result of an operation that was followed to its end; only a finished one is a success. */
export function answerOperation(cli: Cli, item: Operation): number {
  if (item.status === 'finished') {
    cli.answer(item, () => resultLines(cli, item));
    return exitCodes.done;
  }
  cli.note(cli.words.operation.isNow(item.id, cli.words.states[item.status]));
  if (item.error !== undefined) cli.note(...problemLines(item.error, cli.words));
  cli.answer(item, () => []);
  return exitCodes.failed;
}

function resultLines(cli: Cli, { kind, result }: Operation): string[] {
  const { words } = cli;
  switch (result?.kind) {
    case undefined:
      return [];
    case 'dataset':
      return [
        words.dataset.added(visible(result.name), number(result.report.rows)),
        ...importReportLines(cli, result.report),
        ...(kind === 'dataset.add' ? [words.next(`causeway dataset publish ${visible(result.name)}`)] : []),
      ];
    case 'tables':
      return [words.table.ready(visible(result.name)), ...tableLines(cli, result.tables)];
    case 'export':
      return [
        words.audience.exported({ path: fileOf(cli, result), rows: number(result.rows), size: bytes(result.bytes) }),
        // What a spreadsheet would run as a formula was made text.
        ...(result.escapedCells === 0 ? [] : [words.audience.escaped(number(result.escapedCells))]),
        ...withheld(cli, result),
      ];
    case 'activation':
      return [
        words.audience.exported({ path: fileOf(cli, result), rows: number(result.rows), size: bytes(result.bytes) }),
        ...withheld(cli, result),
      ];
    case 'backup':
      return backupLines(cli, result);
  }
}

/** Where an export was written; one that the console asked for waits to be saved there. */
function fileOf({ words }: Cli, { path }: { readonly path?: string | undefined }): string {
  return path === undefined ? words.audience.download : visible(path);
}

/** What of an audience is not in its file. */
function withheld(
  { words }: Cli,
  { optedOut, withoutId = 0 }: { readonly optedOut: number; readonly withoutId?: number },
): string[] {
  return [
    ...(optedOut === 0 ? [] : [words.audience.optedOut(number(optedOut))]),
    ...(withoutId === 0 ? [] : [words.audience.withoutId(number(withoutId))]),
  ];
}
