/** The answer to a question in SQL: its rows as they came, with the interval that the noise makes; and what was held back, cut or hidden on the way. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cell, Chart, Figure } from '../../../charts/figure.ts';
import { column, decimal, name, type Telling, type ToldResult } from './told.ts';

type Answer = ResponseOf<'room.ask'>['answer'];
type AnswerColumn = Answer['columns'][number];

export function answerFigures(answer: Answer, telling: Telling): ToldResult {
  const { columns, rows } = answer;
  const { say } = telling;
  const chart = chartOf(columns);
  const figure: Figure = {
    id: 'answer',
    title: say('answer'),
    notes: notesOf(answer, telling),
    columns: columns.flatMap(({ name: title, kind, halfWidth }, i) => [
      column(`column ${i}`, title, kind === 'label' ? name : decimal(2)),
      ...(halfWidth === null
        ? []
        : [column(`low ${i}`, say('low'), decimal(1)), column(`high ${i}`, say('high'), decimal(1))]),
    ]),
    rows: rows.map((row) => columns.flatMap((of, i) => cellsOf(row[i] ?? null, of))),
    ...(chart === undefined ? {} : { chart }),
    isWide: true,
  };
  return { facts: [], figures: [figure] };
}

/** By one label bars, by two a field of colours; more do not fit into a picture. */
function chartOf(columns: readonly AnswerColumn[]): Chart | undefined {
  const placesOf = (wanted: AnswerColumn['kind']) => columns.flatMap(({ kind }, i) => (kind === wanted ? [i] : []));
  const labels = placesOf('label');
  const [value] = placesOf('figure');
  if (value === undefined || labels.length < 1 || labels.length > 2) return undefined;
  const key = `column ${value}`;
  if (labels.length === 2) return { kind: 'heat', x: `column ${labels[1]}`, y: `column ${labels[0]}`, value: key };
  const isNoisy = columns[value]!.halfWidth !== null;
  return {
    ...{ kind: 'bars', name: `column ${labels[0]}`, value: key },
    ...(isNoisy ? { interval: { low: `low ${value}`, high: `high ${value}` } } : {}),
  };
}

function notesOf({ hidden, shares, isExact }: Answer, { say, words }: Telling): readonly string[] {
  const percent = (share: number) => Number((share * 100).toFixed(1));
  return [
    ...(hidden === null ? [] : [words(hidden.words)]),
    ...shares.flatMap(({ kind, outputs, share }) =>
      share === null || share === 0
        ? []
        : [
            say(kind === 'clipped' ? 'shareClipped' : 'shareCut', {
              share: percent(share),
              outputs: outputs.join(', '),
            }),
          ],
    ),
    say(isExact ? 'answerExact' : 'answerNoisy'),
  ];
}

/** Whole numbers come as text, since they may be longer than a number holds; here they are shown and drawn. */
function cellsOf(value: string | number | null, { kind, halfWidth }: AnswerColumn): readonly Cell[] {
  if (kind === 'label') return [value === null ? null : String(value)];
  const number = value === null ? null : Number(value);
  if (halfWidth === null) return [number];
  return number === null ? [null, null, null] : [number, number - halfWidth, number + halfWidth];
}
