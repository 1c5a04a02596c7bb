/** An answer of a room as a table, with how far each figure may be from the truth and what is not shown. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { table } from './table.ts';
import { visible } from './text.ts';

type Answer = ResponseOf<'room.ask'>['answer'];
type Kept = ResponseOf<'room.answers'>['items'][number]['answer'];
type Report = ResponseOf<'room.report'>['report'];

/** An answer to a question, or a report. */
export function keptLines(cli: Cli, kept: Kept): string[] {
  return isAnswer(kept) ? answerLines(cli, kept) : reportLines(cli, kept);
}

/** A report in its own sentences. */
export function reportLines(cli: Cli, { words }: Report): string[] {
  return words.map((sentence) => visible(cli.say(sentence)));
}

function isAnswer(kept: Kept): kept is Answer {
  return 'columns' in kept;
}

export function answerLines(cli: Cli, { columns, rows, hidden, isExact }: Answer): string[] {
  const labels = cli.words.room;
  const title = ({ name, halfWidth }: Answer['columns'][number]) =>
    halfWidth === null ? visible(name) : `${visible(name)} (±${Math.ceil(halfWidth)})`;
  const shown = (value: Answer['rows'][number][number]) => (value === null ? labels.notStated : visible(String(value)));
  return [
    ...table(
      columns.map((column) => ({
        title: title(column),
        ...(column.kind === 'figure' ? { right: true as const } : {}),
      })),
      rows.map((row) => row.map(shown)),
    ),
    ...(hidden === null ? [] : [visible(cli.say(hidden.words))]),
    isExact ? labels.exact : labels.noisy,
  ];
}
