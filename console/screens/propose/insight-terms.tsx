import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import { Field } from '../../show/field.tsx';
import { useNames } from '../../show/names.ts';
import { NumberField } from '../../show/number-field.tsx';
import type { InsightDraft } from './draft.ts';
import { datasetNamed, type Offered } from './offer.ts';
import { ProtectionChoice } from './protection-choice.tsx';
import { ValuesField } from './values-field.tsx';
import type { StepProps } from './wizard.tsx';

type Proposal = InsightDraft['proposal'];
type Table = NonNullable<Proposal['tables']>[number];
type Segment = Table['segments'][number];
type Summed = NonNullable<Proposal['columns']>[number];

const tablesMax = 3;
const summedMax = 16;

/** Who learns the figures, by which segments of the other side, with which sums, and how they are protected. */
export function InsightTerms({ draft, change }: StepProps<InsightDraft>) {
  const { t } = useTranslation();
  const { data: catalogue } = useSuspenseQuery(queries.catalogue);
  const { data: status } = useSuspenseQuery(queries.status);
  const { proposal } = draft;
  const set = (changes: Partial<Proposal>) => change({ ...draft, proposal: { ...proposal, ...changes } });
  const { nameOf } = useNames();
  const partner = nameOf(proposal.with);
  const holder = proposal.receiver === 'me' ? proposal.with : status.organisation;
  const held = datasetNamed(catalogue.items, holder, proposal.receiver === 'me' ? proposal.theirs : proposal.mine);
  const attributes = held?.description.attributes ?? [];
  const texts = attributes.map(({ column }) => column);
  const numbers = attributes.filter(({ type }) => type === 'integer' || type === 'decimal').map(({ column }) => column);
  const tables = proposal.tables ?? [];
  const summed = proposal.columns ?? [];
  const setTable = (at: number, table: Table) => set({ tables: tables.map((one, i) => (i === at ? table : one)) });
  const setSummed = (at: number, changes: Partial<Summed>) =>
    set({ columns: summed.map((one, i) => (i === at ? { ...one, ...changes } : one)) });
  return (
    <>
      <section className="panel panel-body fields">
        <ChoiceCards<Proposal['receiver']>
          label={t('propose.insight.receiver')}
          value={proposal.receiver}
          onChange={(receiver) => set({ receiver, tables: [], columns: [] })}
          choices={[
            { value: 'me', title: t('propose.insight.me'), about: t('propose.insight.meAbout', { partner }) },
            { value: 'them', title: t('propose.insight.them', { partner }), about: t('propose.insight.themAbout') },
          ]}
        />
      </section>
      <section className="panel">
        <h2>{t('propose.insight.segments', { organisation: nameOf(holder) })}</h2>
        <div className="panel-body fields">
          {texts.length === 0 && (
            <p className="fine">{t('propose.insight.segmentsNone', { organisation: nameOf(holder) })}</p>
          )}
          {tables.map((table, at) => (
            <TableFields
              // A table has no name but its place.
              // biome-ignore lint/suspicious/noArrayIndexKey: tables are added and removed at the end of this short list
              key={at}
              number={at + 1}
              table={table}
              dataset={held}
              columns={texts}
              onChange={(changed) => setTable(at, changed)}
              remove={() => set({ tables: tables.filter((_, i) => i !== at) })}
            />
          ))}
          {texts.length > 0 && tables.length < tablesMax && (
            <div>
              <Button
                icon={<PlusOutlined aria-hidden />}
                onClick={() => set({ tables: [...tables, { segments: [{ column: texts[0]!, values: [] }] }] })}
              >
                {t('propose.insight.addTable')}
              </Button>
            </div>
          )}
        </div>
      </section>
      {numbers.length > 0 && (
        <section className="panel">
          <h2>{t('propose.insight.sums')}</h2>
          <div className="panel-body fields">
            {summed.map((one, at) => (
              <SummedFields
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                key={at}
                summed={one}
                columns={numbers}
                onChange={(changes) => setSummed(at, changes)}
                remove={() => set({ columns: summed.filter((_, i) => i !== at) })}
              />
            ))}
            {summed.length < summedMax && (
              <div>
                <Button
                  icon={<PlusOutlined aria-hidden />}
                  onClick={() => set({ columns: [...summed, { column: numbers[0]!, unit: '', min: 0, max: 1000 }] })}
                >
                  {t('propose.insight.addSum')}
                </Button>
              </div>
            )}
          </div>
        </section>
      )}
      <section className="panel panel-body fields">
        <Protection draft={draft} change={change} />
      </section>
    </>
  );
}

/** One segment, or two that are crossed. */
function TableFields(props: {
  readonly number: number;
  readonly table: Table;
  /** The dataset that has them. */
  readonly dataset: Offered | undefined;
  readonly columns: readonly string[];
  readonly onChange: (table: Table) => void;
  readonly remove: () => void;
}) {
  const { t } = useTranslation();
  const { table, columns, onChange } = props;
  const name = t('propose.insight.table', { number: props.number });
  const set = (at: number, changes: Partial<Segment>) =>
    onChange({ segments: table.segments.map((one, i) => (i === at ? { ...one, ...changes } : one)) });
  return (
    <fieldset className="group">
      <legend>{name}</legend>
      {table.segments.map((segment, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: at most two, in the order in which they are crossed
        <div className="side-by-side" key={at}>
          <Field label={t('propose.insight.column')}>
            {(id) => (
              <Select
                id={id}
                value={segment.column}
                options={columns.map((value) => ({ value, label: value }))}
                onChange={(column) => set(at, { column, values: [] })}
              />
            )}
          </Field>
          <ValuesField
            dataset={props.dataset}
            column={segment.column}
            values={segment.values}
            onChange={(values) => set(at, { values: [...values] })}
          />
        </div>
      ))}
      <div className="toolbar">
        {table.segments.length < 2 && columns.length > 1 && (
          <Button
            size="small"
            onClick={() => {
              const column = columns.find((one) => one !== table.segments[0]!.column)!;
              onChange({ segments: [...table.segments, { column, values: [] }] });
            }}
          >
            {t('propose.insight.cross')}
          </Button>
        )}
        <Button
          size="small"
          type="text"
          icon={<DeleteOutlined />}
          aria-label={`${t('propose.remove')}: ${name}`}
          onClick={props.remove}
        >
          {t('propose.remove')}
        </Button>
      </div>
    </fieldset>
  );
}

function SummedFields(props: {
  readonly summed: Summed;
  readonly columns: readonly string[];
  readonly onChange: (changes: Partial<Summed>) => void;
  readonly remove: () => void;
}) {
  const { t } = useTranslation();
  const { summed, columns, onChange } = props;
  return (
    <div className="side-by-side">
      <Field label={t('propose.insight.column')}>
        {(id) => (
          <Select
            id={id}
            value={summed.column}
            options={columns.map((value) => ({ value, label: value }))}
            onChange={(column) => onChange({ column })}
          />
        )}
      </Field>
      <Field label={t('propose.insight.unit')}>
        {(id) => (
          <Input
            id={id}
            value={summed.unit}
            maxLength={50}
            placeholder="CNY"
            onChange={({ target }) => onChange({ unit: target.value })}
          />
        )}
      </Field>
      <Field label={t('propose.insight.min')}>
        {(id) => (
          <InputNumber id={id} precision={0} value={summed.min} onChange={(min) => onChange({ min: min ?? 0 })} />
        )}
      </Field>
      <Field label={t('propose.insight.max')}>
        {(id) => (
          <InputNumber id={id} precision={0} value={summed.max} onChange={(max) => onChange({ max: max ?? 0 })} />
        )}
      </Field>
      <Button
        type="text"
        className="row-end"
        icon={<DeleteOutlined />}
        aria-label={`${t('propose.remove')}: ${summed.column}`}
        onClick={props.remove}
      />
    </div>
  );
}

function Protection({ draft, change }: StepProps<InsightDraft>) {
  const { t } = useTranslation();
  const { proposal } = draft;
  const protection = proposal.protection ?? { kind: 'noise', rho: 5000, gate: true };
  const set = (changed: NonNullable<Proposal['protection']>) =>
    change({ ...draft, proposal: { ...proposal, protection: changed } });
  return (
    <>
      <ProtectionChoice
        value={protection.kind}
        onChange={(kind) => set(kind === 'exact' ? { kind } : { kind, rho: 5000, gate: true })}
      />
      {protection.kind === 'noise' && (
        <NumberField
          label={t('propose.rho')}
          hint={t('propose.rhoHint', { sigma: sigmaOf(protection.rho) })}
          min={1}
          max={1_000_000}
          value={protection.rho}
          onChange={(rho) => set({ ...protection, rho })}
        />
      )}
    </>
  );
}

/** Of a count under ρ-zCDP, whose sensitivity is 1: σ = 1/√(2ρ). @param rho in millionths. */
function sigmaOf(rho: number): string {
  return (1 / Math.sqrt((2 * rho) / 1e6)).toFixed(1);
}
