import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';

/**
 * The values of a segment: chosen from an own dataset's most frequent ones, or typed. What values a partner's column has, it has published nowhere.
 */
export function ValuesField(props: {
  /** An own dataset; undefined where the partner has the segments. */
  readonly dataset: string | undefined;
  readonly column: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}) {
  const { dataset, column, values, onChange } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const isOwn = dataset !== undefined && may('dataset.values');
  const { data, error } = useQuery({ ...queries.values(dataset ?? '', column), enabled: isOwn });
  const offered = data?.items ?? [];
  const left = offered.filter(({ value }) => !values.includes(value));
  const hint =
    error !== null
      ? error.message
      : data === undefined
        ? t('propose.insight.valuesHint')
        : t(data.whole ? 'propose.insight.valuesAll' : 'propose.insight.valuesSome');
  return (
    <div>
      <Field label={t('propose.insight.values')} hint={hint}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            {...(offered.length === 0 ? { open: false, suffixIcon: null } : {})}
            tokenSeparators={[',', '，', '\n', '\t']}
            value={[...values]}
            options={offered.map(({ value, rows }) => ({ value, label: value, rows }))}
            optionRender={({ data: option }) => (
              <span className="value-option">
                {option.label}{' '}
                <span className="fine">{t('propose.insight.valueRows', { number: figures.count(option.rows) })}</span>
              </span>
            )}
            onChange={(chosen: string[]) => onChange(chosen)}
          />
        )}
      </Field>
      {left.length > 0 && (
        <Button size="small" type="link" onClick={() => onChange([...values, ...left.map(({ value }) => value)])}>
          {t('propose.insight.takeAll', { number: figures.count(left.length) })}
        </Button>
      )}
    </div>
  );
}
