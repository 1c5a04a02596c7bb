import { useQuery, useSuspenseQueries } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { StateTag } from '../../show/state.tsx';
import { CatalogueTable } from './catalogue-table.tsx';
import { Checks } from './checks.tsx';

const address = getRouteApi('/network/$organisation');

/** One member: the way to it and back, what it has published, what was agreed with it, and what it is known by. */
export function MemberScreen() {
  const { organisation } = address.useParams();
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const [{ data: members }, { data: catalogue }, { data: agreements }] = useSuspenseQueries({
    queries: [queries.members, queries.catalogue, queries.agreements],
  });
  const member = members.items.find((one) => one.organisation === organisation);
  const link = useQuery({ ...queries.doctor(organisation), enabled: member !== undefined && !member.self });
  if (member === undefined) return <ScreenAbsent />;
  const offered = catalogue.items.filter(({ owner }) => owner === organisation);
  const agreed = agreements.items.filter(({ parties }) => parties.some((party) => party.organisation === organisation));
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine">
            <Link to="/network">{t('network.title')}</Link> / {organisation}
          </p>
          <h1>{member.name}</h1>
        </div>
        {!member.self && <StateTag state={member.status === 'left' ? 'left' : (member.link ?? 'closed')} />}
      </div>
      <section className="panel">
        <h2>{t('network.offers')}</h2>
        <CatalogueTable items={offered} />
      </section>
      <div className="panels">
        <section className="panel">
          <h2>{t('network.agreed')}</h2>
          {agreed.length === 0 ? (
            <p className="quiet">{t('agreements.none')}</p>
          ) : (
            <ul className="rows plain-list">
              {agreed.map(({ id, purpose, operation, status, expiresAt }) => (
                <li key={id}>
                  <div className="what">
                    <strong>
                      <Link to="/agreements/$agreement" params={{ agreement: id }}>
                        {purpose}
                      </Link>
                    </strong>
                    <span className="fine">
                      {operationWord(operation)} · {t('home.untilTime', { time: figures.time(expiresAt) })}
                    </span>
                  </div>
                  <StateTag state={status} />
                </li>
              ))}
            </ul>
          )}
        </section>
        <div>
          {!member.self && (
            <section className="panel">
              <div className="panel-head">
                <h2>{t('network.checkTitle', { organisation: member.name })}</h2>
                <Button size="small" disabled={link.isFetching} onClick={() => void link.refetch()}>
                  {t('network.check')}
                </Button>
              </div>
              <div className="panel-body">
                {link.isPending && <Spin />}
                {link.error !== null && <ProblemNote error={link.error} />}
                {link.data !== undefined && <Checks checks={link.data.checks} />}
              </div>
            </section>
          )}
          <section className="panel">
            <h2>{t('network.knownBy')}</h2>
            <div className="panel-body">
              <dl className="facts">
                <dt>{t('network.joined')}</dt>
                <dd>{figures.time(member.joinedAt)}</dd>
                {member.endpoint !== undefined && (
                  <>
                    <dt>{t('network.endpoint')}</dt>
                    <dd className="mono">{member.endpoint}</dd>
                  </>
                )}
                <dt>{t('network.identityKey')}</dt>
                <dd className="mono">{member.identityKey}</dd>
                <dt>{t('network.tlsFingerprint')}</dt>
                <dd className="mono">{member.tlsFingerprint}</dd>
              </dl>
            </div>
          </section>
        </div>
      </div>
    </section>
  );
}
