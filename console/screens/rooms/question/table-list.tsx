import { useTranslation } from 'react-i18next';
import { useFigures } from '../../../show/figures.ts';
import { useOrganisationName } from '../../../show/organisations.tsx';
import type { ColumnRule, TableRules } from '../room-tables.ts';
import { named } from './inserted.ts';

/** The tables and columns that may be asked about, each put into the question by a click, with what its owner allows. */
export function TableList(props: { readonly tables: readonly TableRules[]; readonly insert: (name: string) => void }) {
  const { tables, insert } = props;
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  return (
    <section className="panel">
      <h2>{t('questions.tables')}</h2>
      <div className="panel-body stack table-list">
        {tables.map((table) => (
          <div key={table.name}>
            <button
              type="button"
              className="mono insert"
              aria-label={t('questions.insert', { name: table.name })}
              onClick={() => insert(named(table.name))}
            >
              <strong>{table.name}</strong>
            </button>{' '}
            <span className="fine">
              {nameOf(table.owner)} · {t(`propose.room.${table.kind}`)}
            </span>
            <ul className="plain-list">
              {table.columns.map((column) => (
                <li key={column.name}>
                  <button
                    type="button"
                    className="mono insert"
                    aria-label={t('questions.insert', { name: `${table.name}.${column.name}` })}
                    onClick={() => insert(named(column.name))}
                  >
                    {column.name}
                  </button>{' '}
                  <ColumnWords column={column} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

const valuesShown = 6;

/** What may be done with a column, and what its values are. */
function ColumnWords({ column }: { readonly column: ColumnRule }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const allowed = [
    'group' in column && column.group && t('questions.uses.group'),
    'filter' in column && column.filter !== 'no' && column.type !== 'place' && t('questions.uses.filter'),
    ...('aggregates' in column ? column.aggregates.map((one) => t(`questions.uses.${one}`)) : []),
  ].filter((one) => typeof one === 'string');
  const domain = (() => {
    switch (column.type) {
      case 'category':
        return `${column.values.slice(0, valuesShown).join(', ')}${column.values.length > valuesShown ? ', …' : ''}`;
      case 'integer':
      case 'money':
        return `${figures.count(column.min)} … ${figures.count(column.max)}`;
      case 'time':
        return `${column.from} … ${column.to}`;
      case 'place':
        return t('questions.placeNot');
      case 'key':
        return undefined;
    }
  })();
  return (
    <span className="fine">
      {[...(domain === undefined ? [] : [domain]), allowed.join(', ')].filter((part) => part !== '').join(' · ')}
    </span>
  );
}
