import { type ReactNode, useId } from 'react';
import './choice-cards.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly about?: ReactNode;
  /** Why it cannot be chosen. */
  readonly refused?: string | undefined;
}

/** One of a few, each with a sentence of its own: for decisions that somebody has to understand before they are made. */
export function ChoiceCards<Value extends string>(props: {
  readonly label: string;
  readonly value: Value | undefined;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className="choice-cards">
      <legend className="label">{props.label}</legend>
      <div className="choices-grid">
        {props.choices.map(({ value, title, about, refused }) => (
          <label key={value} className={value === props.value ? 'choice-card chosen' : 'choice-card'}>
            <input
              type="radio"
              name={name}
              checked={value === props.value}
              disabled={refused !== undefined}
              onChange={() => props.onChange(value)}
            />
            <span>
              <strong>{title}</strong>
              {(refused ?? about) !== undefined && <span className="fine">{refused ?? about}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
