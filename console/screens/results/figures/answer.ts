/** The answer to a question in SQL: its rows as they came, with the interval that the noise makes. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cell, Figure } from '../../../charts/figure.ts';
import { column, decimal, name, type Telling, type ToldResult } from './told.ts';

type Answer = ResponseOf<'room.ask'>['answer'];

export function answerFigures({ columns, rows }: Answer, { say }: Telling): ToldResult {
  const label = columns.findIndex(({ kind }) => kind === 'label');
  const value = columns.findIndex(({ kind }) => kind === 'figure');
  const figure: Figure = {
    id: 'answer',
    title: say('answer'),
    columns: columns.flatMap(({ name: title, kind, halfWidth }, i) => [
      column(`column ${i}`, title, kind === 'label' ? name : decimal(2)),
      ...(halfWidth === null
        ? []
        : [column(`low ${i}`, say('low'), decimal(1)), column(`high ${i}`, say('high'), decimal(1))]),
    ]),
    rows: rows.map((row) => columns.flatMap((of, i) => cellsOf(row[i] ?? null, of))),
    ...(label < 0 || value < 0
      ? {}
      : {
          chart: {
            kind: 'bars',
            name: `column ${label}`,
            value: `column ${value}`,
            ...(columns[value]!.halfWidth === null ? {} : { interval: { low: `low ${value}`, high: `high ${value}` } }),
          } as const,
        }),
  };
  return { facts: [], figures: [figure] };
}

/** Whole numbers come as text, since they may be longer than a number holds; here they are shown and drawn. */
function cellsOf(value: string | number | null, { kind, halfWidth }: Answer['columns'][number]): readonly Cell[] {
  if (kind === 'label') return [value === null ? null : String(value)];
  const number = value === null ? null : Number(value);
  if (halfWidth === null) return [number];
  return number === null ? [null, null, null] : [number, number - halfWidth, number + halfWidth];
}
