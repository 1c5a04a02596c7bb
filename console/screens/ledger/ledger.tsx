import { useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { CheckEvidence } from './check-evidence.tsx';
import { type Checker, openChecker } from './checker.ts';
import { Entries } from './entries.tsx';
import { Head } from './head.tsx';
import './ledger.css';

/** What the network has put on record; checked here, not by the node. */
export function Ledger() {
  const { t } = useTranslation();
  const { data: status } = useSuspenseQuery(queries.status);
  const checker = useChecker();
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{t('ledger.title')}</h1>
          <p className="about">{t('ledger.about')}</p>
        </div>
      </div>
      {status.network === undefined ? (
        <div className="panel">
          <NothingYet title={t('network.none')} about={t('network.noneAbout')} />
        </div>
      ) : (
        <>
          <div className="panels">
            <Head checker={checker} operator={status.network.operator} />
            <CheckEvidence checker={checker} operator={status.network.operator} />
          </div>
          <Entries />
        </>
      )}
    </section>
  );
}

/** It is there from the start: evidence is checked also when the node has gone in the meantime. */
function useChecker(): Checker | undefined {
  const [checker, setChecker] = useState<Checker>();
  useEffect(() => {
    const made = openChecker();
    setChecker(made);
    return () => made.close();
  }, []);
  return checker;
}
