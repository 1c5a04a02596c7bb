import { Checkbox, Input, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import { Field } from '../../show/field.tsx';
import type { RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';
import { ColumnRights } from './room-column-rights.tsx';
import { ColumnValues } from './room-column-values.tsx';
import {
  type Contributor,
  eventColumns,
  type RuleType,
  ruleTypesOf,
  tableOf,
  withColumn,
  withKind,
  withLongitude,
  withoutColumn,
  withRule,
  withTableName,
  withType,
} from './room-draft.ts';

type Proposal = RoomDraft['proposal'];
type Attribute = Offered['description']['attributes'][number];

/** What one dataset is in the room: a row for each person or each event, and the columns that go along, each with what may be asked of it. */
export function RoomTable(props: {
  readonly contributor: Contributor;
  readonly offered: Offered | undefined;
  readonly proposal: Proposal;
  readonly change: (proposal: Proposal) => void;
}) {
  const { t } = useTranslation();
  const { contributor, offered, proposal, change } = props;
  const table = tableOf(proposal, contributor.table);
  if (table === undefined || offered === undefined) return null;
  const today = new Date().toISOString().slice(0, 10);
  const { attributes } = offered.description;
  const mappingOf = (column: string) => contributor.columns.find((one) => one.column === column);
  const ruleOf = (column: string) => table.columns.find(({ name }) => name === mappingOf(column)?.name);
  // A column of longitudes goes along with its latitudes, and is none by itself.
  const isLongitude = (column: string) => contributor.columns.some(({ longitude }) => longitude === column);
  const longitudes = attributes.filter(({ type }) => ruleTypesOf(type)[0] === 'place').map(({ column }) => column);
  const toggle = ({ column, type }: Attribute, isChosen: boolean) =>
    change(
      isChosen
        ? withColumn(
            proposal,
            { table: table.name, column, name: column, type, longitude: longitudeFor(column, longitudes) },
            today,
          )
        : withoutColumn(proposal, table.name, column),
    );
  return (
    <section className="panel">
      <h2>{t('propose.room.table', { organisation: offered.ownerName, dataset: offered.name })}</h2>
      <div className="panel-body fields">
        <Field label={t('propose.room.tableName')} hint={t('propose.room.tableNameHint')}>
          {(id) => (
            <Input
              id={id}
              key={table.name}
              defaultValue={table.name}
              maxLength={128}
              onBlur={({ target }) => change(withTableName(proposal, table.name, target.value.trim()))}
            />
          )}
        </Field>
        <ChoiceCards<'person' | 'event'>
          label={t('propose.room.kind')}
          value={table.kind}
          onChange={(kind) => change(withKind(proposal, table.name, kind))}
          choices={[
            { value: 'person', title: t('propose.room.person'), about: t('propose.room.personAbout') },
            {
              value: 'event',
              title: t('propose.room.event'),
              about: t('propose.room.eventAbout', { columns: eventColumns.join(', ') }),
            },
          ]}
        />
      </div>
      <Table<Attribute>
        rowKey="column"
        dataSource={attributes}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: t('propose.room.attributesNone') }}
        expandable={{
          columnTitle: <span className="unseen">{t('propose.room.rights')}</span>,
          rowExpandable: ({ column }) => ruleOf(column) !== undefined,
          expandedRowRender: ({ column }) => {
            const rule = ruleOf(column);
            if (rule === undefined) return null;
            return (
              <ColumnRights
                label={column}
                rule={rule}
                isActivated={proposal.activation !== undefined}
                change={(changed) => change(withRule(proposal, table.name, rule.name, changed))}
              />
            );
          },
        }}
        columns={[
          {
            title: t('add.column'),
            render: (_, { column, type, grade }) => (
              <Checkbox
                checked={mappingOf(column) !== undefined}
                disabled={ruleTypesOf(type).length === 0 || isLongitude(column)}
                onChange={({ target }) => toggle({ column, type, grade }, target.checked)}
              >
                <span className="mono">{column}</span>
              </Checkbox>
            ),
          },
          {
            title: t('propose.room.as'),
            render: (_, { column, type }) => {
              const rule = ruleOf(column);
              if (isLongitude(column)) return <span className="fine">{t('propose.room.isLongitude')}</span>;
              if (ruleTypesOf(type).length === 0)
                return <span className="fine">{t('propose.room.notOfType', { type })}</span>;
              if (rule === undefined) return <span className="fine">{t('propose.room.stays')}</span>;
              return (
                <div className="toolbar">
                  <Select<RuleType>
                    style={{ width: 130 }}
                    aria-label={`${t('propose.room.as')}: ${column}`}
                    value={rule.type}
                    options={ruleTypesOf(type).map((value) => ({ value, label: t(`propose.room.types.${value}`) }))}
                    onChange={(chosen) =>
                      change(withType(proposal, { table: table.name, name: rule.name, type: chosen }, today))
                    }
                  />
                  {table.kind === 'event' && rule.type !== 'place' && (
                    <Select<string>
                      style={{ width: 130 }}
                      aria-label={`${t('propose.room.called')}: ${column}`}
                      value={rule.name}
                      options={[...new Set([column, rule.name, ...eventColumns])].map((value) => ({
                        value,
                        label: value,
                      }))}
                      onChange={(name) => change(withRule(proposal, table.name, rule.name, { ...rule, name }))}
                    />
                  )}
                </div>
              );
            },
          },
          {
            title: t('propose.room.values'),
            render: (_, { column }) => {
              const rule = ruleOf(column);
              if (rule === undefined) return null;
              return (
                <ColumnValues
                  label={column}
                  dataset={offered}
                  rule={rule}
                  longitude={{
                    value: mappingOf(column)?.longitude,
                    options: longitudes.filter((one) => one !== column),
                    change: (longitude) => change(withLongitude(proposal, table.name, column, longitude)),
                  }}
                  change={(changed) => change(withRule(proposal, table.name, rule.name, changed))}
                />
              );
            },
          },
        ]}
      />
    </section>
  );
}

/** The likeliest column of longitudes: by its name, else whichever other number there is. */
function longitudeFor(latitude: string, columns: readonly string[]): string | undefined {
  const others = columns.filter((column) => column !== latitude);
  return others.find((column) => /^(lng|lon|long|longitude|经度)|_(lng|lon)$/i.test(column)) ?? others[0];
}
