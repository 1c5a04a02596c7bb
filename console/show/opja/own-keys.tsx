import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../figures.ts';
import { ProblemNote } from '../problem-note.tsx';
import { useSettled } from '../use-settled.ts';
import { isDomain } from './is-domain.ts';
import './opja.css';

/** The keys that this node seals labels with, and the records that whoever runs the domain has to publish. */
export function OwnKeys({ domain }: { readonly domain: string }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const { data, error } = useQuery(queries.opjaKeys);
  const asked = useSettled(domain);
  const { data: found } = useQuery({ ...queries.opjaDomain(asked), enabled: isDomain(asked) });
  const add = useAction(() => client.activation.newKey({}), { changes: ['opja'] });
  if (error !== null) return <ProblemNote error={error} />;
  if (data === undefined) return null;
  const [newest] = data.keys;
  return (
    <section className="panel">
      <h2>{t('opja.ownKeys')}</h2>
      <div className="panel-body stack">
        {newest === undefined ? (
          <p>{t('opja.ownNone')}</p>
        ) : (
          <p className="fine">{t('opja.newest', { time: figures.time(newest.madeAt), count: data.keys.length })}</p>
        )}
        {found !== undefined && found.records.length > 0 && (
          <>
            <p>{t('opja.publishThis', { domain: asked })}</p>
            {found.records.map(({ name, text }) => (
              <pre className="mono dns-record" key={name}>
                {`${name}  TXT  "${text}"`}
              </pre>
            ))}
          </>
        )}
        {add.error !== null && <ProblemNote error={add.error} />}
        {may('activation.newKey') ? (
          <div>
            <Button loading={add.isRunning} onClick={() => add.run(undefined)}>
              {t('opja.newKey')}
            </Button>
          </div>
        ) : (
          newest === undefined && <p className="fine">{t('opja.needsAdmin')}</p>
        )}
      </div>
    </section>
  );
}
