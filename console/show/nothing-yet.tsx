import type { ReactNode } from 'react';

/** An empty list: what belongs here, and what to do to have something here. */
export function NothingYet(props: { readonly title: string; readonly about: string; readonly action?: ReactNode }) {
  return (
    <div className="nothing">
      <svg viewBox="0 0 120 48" width="120" height="48" aria-hidden="true">
        <ellipse cx="28" cy="34" rx="24" ry="7" />
        <ellipse cx="92" cy="34" rx="24" ry="7" />
        <path d="M50 32c14-10 26-10 40 0" strokeDasharray="3 4" />
      </svg>
      <h2>{props.title}</h2>
      <p>{props.about}</p>
      {props.action}
    </div>
  );
}
