import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrganisationName } from '../../../show/organisations.tsx';
import type { ControlProps } from '../field-control.tsx';
import { categoriesOf } from '../room-tables.ts';

interface People {
  readonly table: string;
  readonly where?: { readonly column: string; readonly in: readonly string[] };
}

/** A table of people; of it all, or those with some values of one tag. */
export function PeopleControl({ id, field, value, onChange }: ControlProps<'people'>) {
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  const people = value as People | undefined;
  const table = field.tables.find(({ name }) => name === people?.table);
  const categories = table === undefined ? [] : categoriesOf(table, 'filter');
  const category = categories.find(({ name }) => name === people?.where?.column);
  return (
    <span className="people-field">
      <Select<string | undefined>
        id={id}
        allowClear={field.isOptional === true}
        placeholder={t('reports.none_')}
        value={people?.table}
        options={field.tables.map(({ name, owner }) => ({ value: name, label: `${name} · ${nameOf(owner)}` }))}
        onChange={(name) => onChange(name === undefined ? undefined : { table: name })}
      />
      {people !== undefined && categories.length > 0 && (
        <Select<string | undefined>
          allowClear
          aria-label={t('reports.where')}
          placeholder={t('reports.everybody')}
          value={people.where?.column}
          options={categories.map(({ name }) => ({ value: name, label: name }))}
          onChange={(column) => {
            const values = categories.find(({ name }) => name === column)?.values.slice(0, 1);
            onChange({ table: people.table, ...(column === undefined ? {} : { where: { column, in: values } }) });
          }}
        />
      )}
      {category !== undefined && people !== undefined && (
        <Select<string[]>
          mode="multiple"
          aria-label={t('builder.values', { tag: category.name })}
          value={[...(people.where?.in ?? [])]}
          options={category.values.map((one) => ({ value: one, label: one }))}
          onChange={(values) =>
            values.length > 0 && onChange({ table: people.table, where: { column: category.name, in: values } })
          }
        />
      )}
    </span>
  );
}
