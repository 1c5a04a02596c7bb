import { useTranslation } from 'react-i18next';
import type { FileReport } from './column-choice.ts';
import './first-rows.css';

/** The rows that a file begins with, as their owner would see them, and nothing that anybody could be told by. */
export function FirstRows({ file }: { readonly file: FileReport }) {
  const { t } = useTranslation();
  const { columns, firstRows } = file;
  const shown = columns.slice(0, firstRows[0]?.length ?? 0);
  if (firstRows.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('add.firstRows')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className="first-rows" aria-label={t('add.firstRows')} tabIndex={0}>
        <table className="mono">
          <thead>
            <tr>
              <th scope="col">{t('add.row')}</th>
              {shown.map(({ name }, at) => (
                // Two columns of one name are told apart by their place alone.
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a file never change their order
                <th scope="col" key={at}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {firstRows.map((row, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name than their number
              <tr key={number}>
                <th scope="row">{number + 1}</th>
                {row.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
