import { type ReactNode, useId } from 'react';

/** A control with its label above and, where one is needed, a sentence below. `children` is given the id that the label points to. */
export function Field(props: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {props.label}
      </label>
      {props.children(id)}
      {props.hint !== undefined && <div className="fine hint">{props.hint}</div>}
    </div>
  );
}
