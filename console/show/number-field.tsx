import { InputNumber } from 'antd';
import { Field } from './field.tsx';

/** A whole number within bounds; a field that is emptied and left keeps the one that it had. */
export function NumberField(props: {
  readonly label: string;
  readonly hint?: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const { label, hint, min, max, value, onChange } = props;
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <InputNumber
          id={id}
          min={min}
          max={max}
          precision={0}
          value={value}
          onChange={(chosen) => chosen !== null && onChange(chosen)}
        />
      )}
    </Field>
  );
}
