import { useId } from 'react';
import { LongTable } from '../show/long-table.tsx';
import { type CellWords, cellText } from './cell-text.ts';
import { type Cell, type Figure, isHidden } from './figure.ts';

/** Tables beyond this draw only the rows that can be seen. */
const plainMax = 200;

/** The figure's table: the same cells as the chart, and those that no chart has. */
export function FigureTable({ figure, words }: { readonly figure: Figure; readonly words: CellWords }) {
  const { columns, rows, title } = figure;
  const id = useId();
  const alignOf = (place: number) => (columns[place]!.unit.kind === 'name' ? undefined : 'end');
  if (rows.length > plainMax) {
    return (
      <LongTable<readonly Cell[]>
        label={title}
        rows={rows}
        rowKey={(_, index) => String(index)}
        columns={columns.map(({ key, title: name, unit }, place) => ({
          key,
          title: name,
          widthPx: unit.kind === 'name' ? 200 : 130,
          ...(unit.kind === 'name' ? {} : { align: 'end' as const }),
          render: (row) => cellText(row[place]!, unit, words),
        }))}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by the keyboard
    <section className="figure-table" aria-labelledby={id} tabIndex={0}>
      <table>
        <caption id={id} className="unseen">
          {title}
        </caption>
        <thead>
          <tr>
            {columns.map(({ key, title: name }, place) => (
              <th key={key} scope="col" className={alignOf(place)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a figure never move
            <tr key={r}>
              {columns.map(({ key, unit }, place) => {
                const cell = row[place]!;
                const className = [alignOf(place), isHidden(cell) ? 'held-back' : undefined].filter(Boolean).join(' ');
                const text = cellText(cell, unit, words);
                return place === 0 ? (
                  <th key={key} scope="row" className={className}>
                    {text}
                  </th>
                ) : (
                  <td key={key} className={className}>
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
