import type { ReactNode } from 'react';
import './facts-line.css';

/** A few large numbers in a line, each with what it is. */
export function FactsLine(props: {
  readonly facts: readonly { readonly label: string; readonly value: ReactNode; readonly about?: string | undefined }[];
}) {
  return (
    <dl className="facts-line">
      {props.facts.map(({ label, value, about }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <strong>{value}</strong>
            {about !== undefined && <span className="fine">{about}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
