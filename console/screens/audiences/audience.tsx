import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { FactsLine } from '../../show/facts-line.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { Organisations } from '../../show/organisations.tsx';
import { StateTag } from '../../show/state.tsx';
import { ExportForm } from './export-form.tsx';
import './audiences.css';

const address = getRouteApi('/audiences/$audience');

/** One audience: what it came of, until when it may be given out, and the way to where it is used. */
export function Audience() {
  const { audience: reference } = address.useParams();
  const { data: audience } = useSuspenseQuery(queries.audience(reference));
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const isOver = Date.parse(audience.expiresAt) <= Date.now();
  const isRefused = audience.status !== 'ready' || isOver;
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine">
            <Link to="/audiences">{t('audiences.title')}</Link>
          </p>
          <h1>{audience.name}</h1>
          <p className="about">{figures.time(audience.createdAt)}</p>
        </div>
        <StateTag state={audience.status} />
      </div>
      {isRefused && (
        <Alert
          type="warning"
          showIcon
          title={t(isOver ? 'audiences.over' : 'audiences.withdrawn')}
          description={t('audiences.refusedAbout')}
        />
      )}
      <section className="panel panel-body">
        <FactsLine
          facts={[
            { label: t('audiences.rows'), value: figures.count(audience.rows) },
            { label: t('audiences.expires'), value: figures.time(audience.expiresAt) },
          ]}
        />
      </section>
      <div className="panels">
        <div>
          {!isRefused && may('audience.export') && <ExportForm audience={audience} />}
          {!isRefused && !may('audience.export') && (
            <section className="panel panel-body">
              <p className="fine">{t('audiences.mayNot')}</p>
            </section>
          )}
        </div>
        <Lineage audience={audience} />
      </div>
    </section>
  );
}

/** The road by which the rows came here, the last step on top. */
function Lineage({ audience }: { readonly audience: ResponseOf<'audience.show'> }) {
  const [{ data: job }, { data: agreement }, { data: settings }] = useSuspenseQueries({
    queries: [queries.job(audience.job), queries.agreement(audience.agreement), queries.settings],
  });
  const { t } = useTranslation();
  const operationWord = useOperationWord();
  const { optOutDatasets } = settings;
  return (
    <section className="panel">
      <h2>{t('audiences.lineage')}</h2>
      <ol className="lineage">
        <li>
          <span className="fine">{t('audiences.byJob')}</span>
          {job.operation === 'room' ? (
            <Link to="/rooms/$room" params={{ room: job.id }}>
              {operationWord(job.operation)} · <Organisations ids={job.partners} />
            </Link>
          ) : (
            <Link to="/jobs/$job" params={{ job: job.id }}>
              {operationWord(job.operation)} · <Organisations ids={job.partners} />
            </Link>
          )}
        </li>
        <li>
          <span className="fine">{t('audiences.underAgreement')}</span>
          <Link to="/agreements/$agreement" params={{ agreement: agreement.id }}>
            {agreement.purpose}
          </Link>
          <StateTag state={agreement.status} />
        </li>
        <li>
          <span className="fine">{t('audiences.fromDataset')}</span>
          <Link to="/datasets/$dataset" params={{ dataset: audience.dataset }}>
            {audience.datasetName}
          </Link>
        </li>
        <li>
          <span className="fine">{t('audiences.without')}</span>
          <span>{optOutDatasets.length === 0 ? t('audiences.withoutNobody') : optOutDatasets.join(', ')}</span>
        </li>
        <li>
          <span className="fine">{t('audiences.digest')}</span>
          <span className="mono">{audience.digest}</span>
        </li>
      </ol>
    </section>
  );
}
