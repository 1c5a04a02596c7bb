import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { dayOf, instantOf, type Span } from '../days.ts';
import type { ControlProps } from '../field-control.tsx';

/** From the beginning of one day until that of another, in the agreement's zone. */
export function PeriodControl({ id, field, value, onChange }: ControlProps<'period'>) {
  const { t } = useTranslation();
  const { zone } = field;
  const span = value as Span;
  const set = (end: keyof Span, day: string) => {
    if (day === '') return;
    const next = { ...span, [end]: instantOf(day, zone) };
    if (next.from < next.until) onChange(next);
  };
  return (
    <span className="rule-range">
      <Input id={id} type="date" value={dayOf(span.from, zone)} onChange={({ target }) => set('from', target.value)} />–
      <Input
        type="date"
        aria-label={t('reports.until')}
        value={dayOf(span.until, zone)}
        onChange={({ target }) => set('until', target.value)}
      />
    </span>
  );
}
