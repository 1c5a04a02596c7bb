import type { ResponseOf } from '@causeway/core/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { differencesOf, lastOfItsKind } from './terms-diff.ts';

/** What is different from what was last agreed with the same parties, so that a person reads what is new. */
export function SinceLast({ agreement }: { readonly agreement: ResponseOf<'agreement.show'> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { items } = useSuspenseQuery(queries.agreements).data;
  const last = lastOfItsKind(agreement, items);
  const { data: before } = useQuery({ ...queries.agreement(last?.id ?? ''), enabled: last !== undefined });
  if (last === undefined) return <p className="quiet">{t('agreements.firstOfKind')}</p>;
  if (before === undefined) return null;
  const differences = differencesOf(before.terms, agreement.terms);
  return (
    <div className="panel-body stack">
      <p className="fine">
        <Link to="/agreements/$agreement" params={{ agreement: last.id }}>
          {before.purpose}
        </Link>
        , {figures.time(before.createdAt)}
      </p>
      {differences.length === 0 ? (
        <p>{t('agreements.nothingNew')}</p>
      ) : (
        <div className="wide">
          <table className="diff">
            <thead>
              <tr>
                <th scope="col">{t('agreements.field')}</th>
                <th scope="col">{t('agreements.before')}</th>
                <th scope="col">{t('agreements.now')}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ path, before: old, after }) => (
                <tr key={path}>
                  <th scope="row" className="mono">
                    {path}
                  </th>
                  <td>{old === undefined ? <span className="fine">—</span> : <del>{old}</del>}</td>
                  <td>{after === undefined ? <span className="fine">—</span> : <ins>{after}</ins>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
