import { useTranslation } from 'react-i18next';
import { cellText } from '../../charts/cell-text.ts';
import { FactsLine } from '../../show/facts-line.tsx';
import { useFigures } from '../../show/figures.ts';
import { rateCell } from '../results/figures/overlap.ts';
import { share } from '../results/figures/told.ts';
import type { Job } from './live-job.ts';

/** What a match told this side, in one line of large figures; what is held back is said to be. */
export function MatchCounts({ counts }: { readonly counts: NonNullable<Job['counts']> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { rows, partnerRows, matched, matchRate, hidden } = counts;
  const rate = cellText(rateCell(matchRate), share(), { hidden: '–', figures });
  const shown = [
    { label: t('jobs.own'), value: figures.count(rows) },
    ...(partnerRows === undefined ? [] : [{ label: t('jobs.theirs'), value: figures.count(partnerRows) }]),
    ...(matched === undefined ? [] : [{ label: t('jobs.matched'), value: figures.count(matched) }]),
    ...(matchRate === undefined ? [] : [{ label: t('jobs.matchRate'), value: rate }]),
    ...hidden.map(({ figure, reason }) => ({
      label: figure === 'matched' ? t('jobs.matched') : figure,
      value: t('jobs.reason', { minimum: /\d+/.exec(reason)?.[0] ?? '' }),
      about: t('jobs.reasonOf'),
    })),
  ];
  return (
    <section className="panel panel-body">
      <FactsLine facts={shown} />
    </section>
  );
}
