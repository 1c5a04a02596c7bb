import { Checkbox, Input, InputNumber, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import type { RoomDraft } from './draft.ts';
import type { Offered } from './offer.ts';
import {
  type ColumnRule,
  type Contributor,
  eventColumns,
  newRule,
  type RuleType,
  ruleTypesOf,
  tableOf,
  withColumn,
  withKind,
  withoutColumn,
  withRule,
} from './room-draft.ts';

type Proposal = RoomDraft['proposal'];
type Attribute = Offered['description']['attributes'][number];

/** What one organisation brings: a row for each person or each event, and the columns that go along, each with what may be asked of it. */
export function RoomTable(props: {
  readonly contributor: Contributor;
  readonly offered: Offered | undefined;
  readonly proposal: Proposal;
  readonly change: (proposal: Proposal) => void;
}) {
  const { t } = useTranslation();
  const { contributor, offered, proposal, change } = props;
  const { organisation } = contributor;
  const table = tableOf(proposal, organisation);
  if (table === undefined || offered === undefined) return null;
  const today = new Date().toISOString().slice(0, 10);
  const nameOf = (column: string) => contributor.columns.find((one) => one.column === column)?.name;
  const ruleOf = (column: string) => table.columns.find(({ name }) => name === nameOf(column));
  const toggle = ({ column, type }: Attribute, isChosen: boolean) =>
    change(
      isChosen
        ? withColumn(proposal, { organisation, column, name: column, type }, today)
        : withoutColumn(proposal, organisation, column),
    );
  return (
    <section className="panel">
      <h2>{t('propose.room.table', { organisation: offered.ownerName, dataset: offered.name })}</h2>
      <div className="panel-body fields">
        <ChoiceCards<'person' | 'event'>
          label={t('propose.room.kind')}
          value={table.kind}
          onChange={(kind) => change(withKind(proposal, organisation, kind))}
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
        dataSource={offered.description.attributes}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: t('propose.room.attributesNone') }}
        columns={[
          {
            title: t('add.column'),
            render: (_, attribute) => (
              <Checkbox
                checked={nameOf(attribute.column) !== undefined}
                disabled={ruleTypesOf(attribute.type).length === 0}
                onChange={({ target }) => toggle(attribute, target.checked)}
              >
                <span className="mono">{attribute.column}</span>
              </Checkbox>
            ),
          },
          {
            title: t('propose.room.as'),
            render: (_, attribute) => {
              const rule = ruleOf(attribute.column);
              if (ruleTypesOf(attribute.type).length === 0)
                return <span className="fine">{t('propose.room.notOfType', { type: attribute.type })}</span>;
              if (rule === undefined) return <span className="fine">{t('propose.room.stays')}</span>;
              return (
                <div className="toolbar">
                  <Select<ColumnRule['type'], { readonly value: RuleType; readonly label: string }>
                    style={{ width: 130 }}
                    aria-label={`${t('propose.room.as')}: ${attribute.column}`}
                    value={rule.type}
                    options={ruleTypesOf(attribute.type).map((value) => ({
                      value,
                      label: t(`propose.room.types.${value}`),
                    }))}
                    onSelect={(_, { value: type }) =>
                      change(withRule(proposal, organisation, rule.name, newRule(rule.name, type, today)))
                    }
                  />
                  {table.kind === 'event' && (
                    <Select<string>
                      style={{ width: 130 }}
                      aria-label={`${t('propose.room.called')}: ${attribute.column}`}
                      value={rule.name}
                      options={[...new Set([attribute.column, rule.name, ...eventColumns])].map((value) => ({
                        value,
                        label: value,
                      }))}
                      onChange={(name) => change(withRule(proposal, organisation, rule.name, { ...rule, name }))}
                    />
                  )}
                </div>
              );
            },
          },
          {
            title: t('propose.room.values'),
            render: (_, attribute) => {
              const rule = ruleOf(attribute.column);
              if (rule === undefined) return null;
              return (
                <RuleFields
                  label={attribute.column}
                  rule={rule}
                  change={(changed) => change(withRule(proposal, organisation, rule.name, changed))}
                />
              );
            },
          },
        ]}
      />
    </section>
  );
}

/** What a rule bounds: the values that there may be, and that questions may name. */
function RuleFields(props: {
  readonly label: string;
  readonly rule: ColumnRule;
  readonly change: (rule: ColumnRule) => void;
}) {
  const { t } = useTranslation();
  const { label, rule, change } = props;
  switch (rule.type) {
    case 'category':
      return (
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          style={{ width: 320 }}
          aria-label={`${t('propose.room.values')}: ${label}`}
          placeholder={t('propose.insight.valuesHint')}
          tokenSeparators={[',', '，', '\n', '\t']}
          value={[...rule.values]}
          onChange={(values: string[]) => change({ ...rule, values })}
        />
      );
    case 'integer':
    case 'money': {
      // Sums may not leave the range that the column has.
      const bounded = (min: number, max: number) =>
        change({ ...rule, min, max, clip: { low: Math.max(0, min), high: max } });
      return (
        <div className="toolbar">
          {rule.type === 'money' && (
            <Input
              style={{ width: 70 }}
              aria-label={`${t('propose.room.currency')}: ${label}`}
              maxLength={3}
              value={rule.currency}
              onChange={({ target }) => change({ ...rule, currency: target.value.toUpperCase() })}
            />
          )}
          <InputNumber
            aria-label={`${t('propose.insight.min')}: ${label}`}
            precision={0}
            value={rule.min}
            onChange={(min) => bounded(min ?? 0, rule.max)}
          />
          –
          <InputNumber
            aria-label={`${t('propose.insight.max')}: ${label}`}
            precision={0}
            value={rule.max}
            onChange={(max) => bounded(rule.min, max ?? rule.min)}
          />
        </div>
      );
    }
    case 'time':
      return (
        <div className="toolbar">
          <Input
            type="date"
            style={{ width: 150 }}
            aria-label={`${t('propose.room.from')}: ${label}`}
            value={rule.from}
            onChange={({ target }) => change({ ...rule, from: target.value })}
          />
          –
          <Input
            type="date"
            style={{ width: 150 }}
            aria-label={`${t('propose.room.to')}: ${label}`}
            value={rule.to}
            onChange={({ target }) => change({ ...rule, to: target.value })}
          />
        </div>
      );
    case 'place':
      return <span className="fine">{t('propose.room.placeAbout', { metres: rule.radiusMin })}</span>;
    case 'key':
      return <span className="fine">{t('propose.room.keyAbout')}</span>;
  }
}
