import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import type { Job } from './waiting.ts';

const shownMax = 5;

export function Results({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { nameOf } = useNames();
  const finished = jobs.filter(({ status }) => status === 'finished').slice(0, shownMax);
  if (finished.length === 0) return <p className="quiet">{t('home.resultsNone')}</p>;
  return (
    <ul className="rows plain-list">
      {finished.map((job) => (
        <li key={job.id}>
          <div className="what">
            <strong>
              <Link to={job.told === undefined ? '/jobs/$job' : '/results/jobs/$job'} params={{ job: job.id }}>
                {operationWord(job.operation)}
              </Link>
            </strong>
            <span className="fine">
              {t('home.with', { partners: job.partners.map(nameOf).join(', ') })}
              {job.finishedAt !== undefined && ` · ${figures.time(job.finishedAt)}`}
            </span>
          </div>
          {job.matched !== undefined && (
            <span>{t('home.rows', { count: job.matched, number: figures.count(job.matched) })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
