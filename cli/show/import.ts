/** What a file looks like before it is taken in, and what became of its rows after. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { facts, indent, table } from './table.ts';
import { visible } from './text.ts';
import { bytes, number } from './values.ts';

export type FileReport = ResponseOf<'dataset.inspect'>;
export type ImportReport = ResponseOf<'dataset.show'>['report'];
type Notice = FileReport['notices'][number];

export function fileReportLines(cli: Cli, report: FileReport): string[] {
  const { words } = cli;
  const labels = words.file;
  return [
    ...facts([
      [labels.file, report.path],
      [
        labels.format,
        report.container === '' || report.container === 'none'
          ? report.format
          : `${report.format} (${report.container})`,
      ],
      [labels.encoding, report.encoding],
      [labels.delimiter, report.delimiter && JSON.stringify(report.delimiter)],
      [labels.header, report.header === undefined ? undefined : words.yesNo(report.header)],
      [labels.size, bytes(report.bytes)],
      [labels.rows, words.about(number(report.rowsAbout))],
    ]),
    '',
    ...table(
      [{ title: labels.column }, { title: labels.looksLike }, { title: labels.form }, { title: labels.grade }],
      report.columns.map((column) => [
        column.name,
        column.profile ?? '-',
        column.form,
        column.grade === undefined ? '-' : words.grades[column.grade],
      ]),
    ),
    ...report.notices.map((notice) => noticeLine(cli, notice)),
    ...report.columns.flatMap((column) => column.notices.map((notice) => noticeLine(cli, notice, column.name))),
  ];
}

export function importReportLines(cli: Cli, report: ImportReport): string[] {
  const { words } = cli;
  const labels = words.import;
  const rowsOf = (notices: readonly Notice[]) => number(notices.reduce((sum, notice) => sum + (notice.rows ?? 0), 0));
  return [
    ...table(
      [
        { title: words.file.column },
        { title: labels.profile },
        { title: labels.accepted, right: true },
        { title: labels.distinct, right: true },
        { title: labels.density, right: true },
        { title: labels.empty, right: true },
        { title: labels.changed, right: true },
        { title: labels.refused, right: true },
      ],
      report.ids.map((id) => [
        id.column,
        id.profile,
        number(id.accepted),
        number(id.distinct),
        densityText(cli, id.density),
        number(id.empty),
        rowsOf(id.changed),
        rowsOf(id.refused),
      ]),
    ),
    ...report.ids.flatMap((id) => [
      ...indent(id.changed.map((notice) => `${noticeLine(cli, notice, id.column)}`)),
      ...indent(id.refused.map((notice) => `${noticeLine(cli, notice, id.column)}`)),
    ]),
    ...indent(report.notices.map((notice) => noticeLine(cli, notice))),
  ];
}

function densityText({ words }: Cli, density: ImportReport['ids'][number]['density']): string {
  if (density === undefined) return '-';
  return density === 'not-measurable' ? words.import.notMeasurable : `${density} %`;
}

/** `mobile: 42 rows: spaces and hyphens removed (first: 3, 9)` */
function noticeLine(cli: Cli, notice: Notice, column?: string): string {
  const { words } = cli;
  const first = notice.firstRows ?? [];
  return visible(
    [
      column === undefined ? '' : `${column}${words.colon}`,
      notice.rows === undefined ? '' : `${words.rows(number(notice.rows))}${words.colon}`,
      cli.say(notice.words),
      first.length === 0 ? '' : ` (${words.firstRows(first.map(number).join(', '))})`,
    ].join(''),
  );
}
