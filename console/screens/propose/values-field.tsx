import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';
import type { Offered } from './offer.ts';
import { type OfferedValues, useOfferedValues } from './offered-values.ts';
import { ValuesSelect } from './values-select.tsx';

/** The values of a segment: chosen from an own dataset's most frequent ones or from those that a partner has published, or typed. */
export function ValuesField(props: {
  /** The dataset that has the segments. */
  readonly dataset: Offered | undefined;
  readonly column: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}) {
  const { dataset, column, values, onChange } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { items, from, error } = useOfferedValues(dataset, column);
  const left = items.filter(({ value }) => !values.includes(value));
  return (
    <div>
      <Field label={t('propose.insight.values')} hint={error !== null ? error.message : t(hints[from ?? 'none'])}>
        {(id) => <ValuesSelect id={id} offered={items} values={values} onChange={onChange} />}
      </Field>
      {left.length > 0 && (
        <Button size="small" type="link" onClick={() => onChange([...values, ...left.map(({ value }) => value)])}>
          {t('propose.insight.takeAll', { number: figures.count(left.length) })}
        </Button>
      )}
    </div>
  );
}

const hints = {
  none: 'propose.insight.valuesHint',
  own: 'propose.insight.valuesSome',
  'own-whole': 'propose.insight.valuesAll',
  published: 'propose.insight.valuesPublished',
} as const satisfies Record<NonNullable<OfferedValues['from']> | 'none', string>;
