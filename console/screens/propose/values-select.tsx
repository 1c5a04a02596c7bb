import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import type { OfferedValues } from './offered-values.ts';

/** Values chosen from those that are offered, or typed. */
export function ValuesSelect(props: {
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly placeholder?: string;
  readonly width?: number;
  readonly offered: OfferedValues['items'];
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}) {
  const { offered, values, width, onChange, ...rest } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <Select
      {...rest}
      mode="tags"
      {...(width === undefined ? {} : { style: { width } })}
      {...(offered.length === 0 ? { open: false, suffixIcon: null } : {})}
      tokenSeparators={[',', '，', '\n', '\t']}
      value={[...values]}
      options={offered.map(({ value, rows }) => ({ value, label: value, rows }))}
      optionRender={({ data: { label, rows } }) => (
        <span className="value-option">
          {label}{' '}
          {rows !== undefined && (
            <span className="fine">{t('propose.insight.valueRows', { number: figures.count(rows) })}</span>
          )}
        </span>
      )}
      onChange={(chosen: string[]) => onChange(chosen)}
    />
  );
}
