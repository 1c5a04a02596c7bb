import { type ReactNode, useEffect, useRef, useState } from 'react';
import { rowWindow } from './row-window.ts';
import { usePrinting } from './use-printing.ts';
import './long-table.css';

export interface LongColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** At least so wide; what is left of the page is shared out in proportion. */
  readonly widthPx: number;
  readonly align?: 'end';
  readonly render: (row: Row) => ReactNode;
}

const rowHeightPx = 44;
/** A page that is printed has no scroll: of longer lists the beginning is on paper, and the rest in the CSV. */
const printedMax = 500;

/** A table of any length: of its rows only those are drawn that can be seen. Readers of screens are told how many there are. */
export function LongTable<Row>(props: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row, index: number) => string;
  readonly columns: readonly LongColumn<Row>[];
}) {
  const { label, rows, rowKey, columns } = props;
  const box = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ topPx: 0, heightPx: 700 });
  const isPrinted = usePrinting();

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setScroll({ topPx: element.scrollTop, heightPx: element.clientHeight || 700 }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { from, to } = isPrinted
    ? { from: 0, to: Math.min(rows.length, printedMax) }
    : rowWindow({ count: rows.length, heightPx: rowHeightPx }, scroll);
  return (
    <section
      ref={box}
      className="long-table"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      onScroll={({ currentTarget }) =>
        setScroll({ topPx: currentTarget.scrollTop, heightPx: currentTarget.clientHeight })
      }
    >
      <table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        style={{ minWidth: columns.reduce((sum, { widthPx }) => sum + widthPx, 0) }}
      >
        <colgroup>
          {columns.map(({ key, widthPx }) => (
            <col key={key} style={{ width: widthPx }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, title, align }) => (
              <th key={key} scope="col" className={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Gap rows={from} columns={columns.length} />}
          {rows.slice(from, to).map((row, i) => (
            <tr key={rowKey(row, from + i)} aria-rowindex={from + i + 2}>
              {columns.map(({ key, align, render }) => (
                <td key={key} className={align}>
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
          {to < rows.length && !isPrinted && <Gap rows={rows.length - to} columns={columns.length} />}
        </tbody>
      </table>
    </section>
  );
}

/** The place of rows that are not drawn. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return (
    <tr className="gap">
      <td colSpan={columns} style={{ height: rows * rowHeightPx }} />
    </tr>
  );
}
