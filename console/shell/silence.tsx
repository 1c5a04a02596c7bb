import { ApiError } from '@causeway/sdk';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../app/queries.ts';
import { useFigures } from '../show/figures.ts';

/** While the node does not answer, or the way to it is cut: what stands on the screen is what was read before. */
export function Silence() {
  const { t } = useTranslation();
  const figures = useFigures();
  const { error, dataUpdatedAt } = useQuery(queries.status);
  if (!(error instanceof ApiError) || error.code !== 'unreachable') return null;
  return (
    <p className="silence" role="status">
      <strong>{t('problem.titles.unreachable')}</strong>{' '}
      {dataUpdatedAt > 0 && t('problem.silent', { time: figures.time(new Date(dataUpdatedAt).toISOString()) })}
    </p>
  );
}
