import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { type Checker, verifyLedger } from './checker.ts';
import type { LedgerVerdict } from './ledger-worker.ts';

type Check =
  | { readonly state: 'running'; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly verdict: LedgerVerdict }
  | { readonly state: 'failed'; readonly error: unknown };

/** The latest head with who signed it, and the check of all that it stands for. */
export function Head(props: { readonly checker: Checker | undefined; readonly operator: string }) {
  const { checker, operator } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { data: head } = useSuspenseQuery(queries.ledgerHead);
  const members = useQuery(queries.members).data?.items ?? [];
  const [check, setCheck] = useState<Check>();
  const verify = async () => {
    if (checker === undefined) return;
    setCheck({ state: 'running', done: 0, total: head.records });
    const key = members.find(({ organisation }) => organisation === operator)?.identityKey;
    try {
      const verdict = await verifyLedger(checker, {
        client,
        operatorKey: key,
        onProgress: (rows) => setCheck({ state: 'running', ...rows }),
      });
      setCheck({ state: 'done', verdict });
    } catch (error) {
      setCheck({ state: 'failed', error });
    }
  };
  return (
    <section className="panel">
      <h2>{t('ledger.head')}</h2>
      <div className="panel-body stack">
        <dl className="facts">
          <dt>{t('ledger.records')}</dt>
          <dd>{figures.count(head.records)}</dd>
          <dt>{t('ledger.at')}</dt>
          <dd>{figures.time(head.at)}</dd>
          <dt>{t('ledger.root')}</dt>
          <dd className="mono">{head.root}</dd>
          <dt>{t('ledger.cosigners')}</dt>
          <dd>{head.cosigners.length === 0 ? t('ledger.nobody') : head.cosigners.join(', ')}</dd>
        </dl>
        <div className="toolbar">
          <Button
            type="primary"
            disabled={checker === undefined}
            loading={check?.state === 'running'}
            onClick={() => void verify()}
          >
            {t('ledger.verify')}
          </Button>
          <span className="fine aside">{t('ledger.verifyAbout')}</span>
        </div>
        {check?.state === 'running' && (
          <Progress
            percent={Math.floor((100 * check.done) / Math.max(1, check.total))}
            aria-label={t('ledger.verify')}
          />
        )}
        {check?.state === 'failed' && <ProblemNote error={check.error} />}
        {check?.state === 'done' && <Verdict verdict={check.verdict} />}
      </div>
    </section>
  );
}

function Verdict({ verdict }: { readonly verdict: LedgerVerdict }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (!verdict.ok) {
    return (
      <div role="alert" className="verdict bad">
        <strong>{t('ledger.broken')}</strong>
        <p>{verdict.detail}</p>
        {verdict.index !== undefined && <p>{t('ledger.firstBroken', { index: figures.count(verdict.index) })}</p>}
      </div>
    );
  }
  return (
    <output className="verdict good">
      <strong>{t('ledger.holds')}</strong>
      <p className="mono">{verdict.root}</p>
      {verdict.missing.length > 0 && (
        <p className="fine">{t('ledger.missing', { members: verdict.missing.join(', ') })}</p>
      )}
    </output>
  );
}
