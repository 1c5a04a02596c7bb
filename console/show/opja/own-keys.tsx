import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../figures.ts';
import { ProblemNote } from '../problem-note.tsx';
import './opja.css';

/** The keys that this node seals labels with, and the record that whoever runs the domain has to publish. */
export function OwnKeys() {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const { data, error } = useQuery(queries.opjaKeys);
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
        {data.delivery !== undefined && (
          <>
            <p>{t('opja.publishThis')}</p>
            <pre className="mono dns-record">{data.delivery}</pre>
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
