import { CloseOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { dayOf, instantOf } from '../days.ts';
import type { ControlProps } from '../field-control.tsx';

const daySeconds = 86_400;

/** Days in their order, two at least: between each two people move. */
export function DatesControl({ id, field, value, onChange }: ControlProps<'dates'>) {
  const { t } = useTranslation();
  const { zone, most } = field;
  const dates = value as readonly number[];
  const put = (changed: readonly number[]) => onChange([...new Set(changed)].toSorted((a, b) => a - b));
  const set = (at: number, day: string) => {
    if (day === '') return;
    const changed = dates.map((date, i) => (i === at ? instantOf(day, zone) : date));
    if (new Set(changed).size === dates.length) put(changed);
  };
  // A month before the first: the beginning is what one mostly wants to see from earlier.
  const earlier = instantOf(dayOf(dates[0]! - 30 * daySeconds, zone), zone);
  return (
    <span className="date-list">
      {dates.map((date, i) => (
        <span key={date} className="rule-range">
          <Input
            {...(i === 0 ? { id } : { 'aria-label': t('reports.date', { number: i + 1 }) })}
            type="date"
            value={dayOf(date, zone)}
            onChange={({ target }) => set(i, target.value)}
          />
          {dates.length > 2 && (
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('reports.removeDate', { number: i + 1 })}
              onClick={() => put(dates.filter((_, one) => one !== i))}
            />
          )}
        </span>
      ))}
      {dates.length < most && (
        <Button size="small" onClick={() => put([earlier, ...dates])}>
          {t('reports.addDate')}
        </Button>
      )}
    </span>
  );
}
