import { type ReactNode, useId } from 'react';

/** One rule: what it means on one side, its control with what it would do on the other. */
export function Rule(props: {
  readonly title: string;
  readonly about: string;
  readonly example?: ReactNode;
  readonly control: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="rule">
      <div>
        <label htmlFor={id}>{props.title}</label>
        <p className="fine">{props.about}</p>
      </div>
      <div>
        {props.control(id)}
        {props.example}
      </div>
    </div>
  );
}
