import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import type { ResponseOf } from '@causeway/core/api';

/** What `causeway doctor` found, one line for each thing that it looked at. */
export function Checks({ checks }: { readonly checks: ResponseOf<'node.doctor'>['checks'] }) {
  return (
    <ul className="plain-list stack">
      {checks.map(({ name, ok, detail, remedy }) => (
        <li key={name} className={`finding-line finding ${ok ? 'allowed' : 'refused'}`}>
          {ok ? <CheckCircleFilled aria-label="✓" /> : <CloseCircleFilled aria-label="✗" />}
          <span>
            {detail} {remedy !== undefined && <span className="fine">{remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
