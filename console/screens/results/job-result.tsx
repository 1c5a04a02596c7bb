import type { ResponseOf } from '@causeway/core/api';
import { compareInsights } from '@causeway/core/applications/insight';
import { useQuery, useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { ActivationResult } from './activation-result.tsx';
import { indexFigures } from './figures/indices.ts';
import { insightFigures } from './figures/insight.ts';
import { matchFigures } from './figures/match.ts';
import type { Telling, ToldResult } from './figures/told.ts';
import { minimumOf } from './minimum.ts';
import { PrintButton, ResultView } from './result-view.tsx';
import { useTelling } from './use-telling.ts';

const address = getRouteApi('/results/jobs/$job');

type Job = ResponseOf<'job.show'>;
type ListedJob = ResponseOf<'job.list'>['items'][number];

/** What a match or an insight told this side; an insight can be held against another one. */
export function JobResult() {
  const { job: id } = address.useParams();
  const { base: baseId } = address.useSearch();
  const [{ data: job }, { data: jobs }] = useSuspenseQueries({ queries: [queries.job(id), queries.jobs] });
  const { data: agreement } = useSuspenseQuery(queries.agreement(job.agreement));
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const telling = useTelling();
  const partners = job.partners.map(useOrganisationName()).join(', ');
  const minimum = minimumOf(agreement.terms);
  const base = useQuery({ ...queries.job(baseId ?? ''), enabled: baseId !== undefined }).data;
  const result = resultOf(job, telling);
  if (result === undefined) return <ScreenAbsent />;
  const compared = base === undefined ? undefined : compare(job, base, telling);
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine screen-only">
            <Link to="/jobs/$job" params={{ job: id }}>
              {t('jobs.heading', { operation: operationWord(job.operation), partners })}
            </Link>
          </p>
          <h1>{agreement.purpose}</h1>
          <p className="about">
            {t(`results.kinds.${kindOf(job)}`)} · {figures.time(job.finishedAt ?? job.createdAt)} ·{' '}
            {t('results.parties', { parties: partners })}
          </p>
        </div>
        <PrintButton />
      </div>
      <ActivationResult job={job} agreement={agreement} />
      <ResultView
        result={{ ...result, figures: [...(compared?.figures ?? []), ...result.figures] }}
        sentences={[...(compared?.sentences ?? []), ...(job.insight?.words ?? [])]}
        minimum={minimum}
        choice={job.insight?.figures !== undefined && <BaseChoice job={job} jobs={jobs.items} base={baseId} />}
      />
    </section>
  );
}

function kindOf({ operation }: Job): 'segments' | 'activation' | 'match' {
  return operation === 'insight' ? 'segments' : operation === 'activate' ? 'activation' : 'match';
}

function resultOf({ counts, insight }: Job, telling: Telling): ToldResult | undefined {
  if (insight !== undefined) return insightFigures(insight, telling);
  return counts === undefined ? undefined : matchFigures(counts, telling);
}

/** Counts below their agreements' minimum were held back before they came here: no index needs a limit of its own. */
const indexMinimum = 1;

function compare({ insight: own }: Job, base: Job, telling: Telling) {
  const other = base.insight;
  if (own?.figures === undefined || other?.figures === undefined) return undefined;
  const baseName = { en: `the people of ${base.id}`, zh: ` ${base.id} 的人群` };
  const report = compareInsights(
    {
      audience: { figures: own.figures, sigma: own.sigma },
      base: { figures: other.figures, sigma: other.sigma },
      baseName,
      inside: true,
    },
    indexMinimum,
  );
  return report && { figures: indexFigures(report, telling).figures, sentences: report.words };
}

/** Another insight whose people are the base that this one's are held against. */
function BaseChoice(props: {
  readonly job: Job;
  readonly jobs: readonly ListedJob[];
  readonly base: string | undefined;
}) {
  const { job, jobs, base } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const navigate = address.useNavigate();
  const id = useId();
  const others = jobs.filter((one) => one.id !== job.id && one.told === 'segments');
  if (others.length === 0) return null;
  return (
    <div className="toolbar screen-only">
      <label htmlFor={id}>{t('results.base')}</label>
      <Select<string>
        id={id}
        className="base-choice"
        placeholder={t('results.baseNone')}
        allowClear
        value={base ?? null}
        options={others.map((one) => ({
          value: one.id,
          label: `${one.partners.join(', ')} · ${figures.time(one.finishedAt ?? one.createdAt)}`,
        }))}
        onChange={(value: string | undefined) =>
          void navigate({ search: value === undefined ? {} : { base: value }, replace: true })
        }
      />
    </div>
  );
}
