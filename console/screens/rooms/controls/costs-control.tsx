import { InputNumber } from 'antd';
import type { ControlProps } from '../field-control.tsx';
import type { Unit } from '../forms/form.ts';

interface Cost extends Unit {
  readonly currency: string;
  /** In the smallest unit of the currency. */
  readonly units: number;
}

/** What was paid for each channel, campaign or creative: it makes cost and return of what orders are credited to. */
export function CostsControl({ id, field, value, onChange }: ControlProps<'costs'>) {
  const { units, currency, digits } = field;
  const costs = (value ?? []) as readonly Cost[];
  const isOf = (cost: Unit, { dimension, unit }: Unit) => cost.dimension === dimension && cost.unit === unit;
  const put = (of: Unit, amount: number | null) => {
    const others = costs.filter((cost) => !isOf(cost, of));
    const paid = amount === null ? [] : [{ ...of, currency, units: Math.round(amount * 10 ** digits) }];
    const changed = [...others, ...paid];
    onChange(changed.length === 0 ? undefined : changed);
  };
  return (
    <span className="cost-fields">
      {units.map((of, i) => {
        const cost = costs.find((one) => isOf(one, of));
        return (
          <span key={`${of.dimension}/${of.unit}`} className="cost-field">
            <span aria-hidden className="fine">
              {of.unit}
            </span>
            <InputNumber
              {...(i === 0 ? { id } : {})}
              aria-label={of.unit}
              min={0}
              precision={digits}
              suffix={currency}
              value={cost === undefined ? null : cost.units / 10 ** digits}
              onChange={(amount) => put(of, amount)}
            />
          </span>
        );
      })}
    </span>
  );
}
