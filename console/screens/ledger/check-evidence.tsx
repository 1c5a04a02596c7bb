import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import type { Checker } from './checker.ts';
import type { EvidenceVerdict } from './ledger-worker.ts';

/** Evidence of a run is a few kilobytes; a room with many answers some hundred. */
const fileBytesMax = 50_000_000;

type Checked =
  | { readonly name: string; readonly verdict: EvidenceVerdict }
  | { readonly name: string; readonly problem: 'unreadable' | 'tooLarge' };

/** An evidence file dropped here is checked in this browser; the node is not asked. */
export function CheckEvidence(props: { readonly checker: Checker | undefined; readonly operator: string }) {
  const { checker, operator } = props;
  const { t } = useTranslation();
  const members = useQuery(queries.members).data?.items ?? [];
  const [checked, setChecked] = useState<Checked>();
  const [isOver, setOver] = useState(false);
  const id = useId();
  const check = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file || !checker) return;
    const { name } = file;
    if (file.size > fileBytesMax) {
      setChecked({ name, problem: 'tooLarge' });
      return;
    }
    const key = members.find(({ organisation }) => organisation === operator)?.identityKey;
    const verdict = await checker.ask({ kind: 'evidence', text: await file.text(), operatorKey: key });
    setChecked(verdict === null ? { name, problem: 'unreadable' } : { name, verdict });
  };
  return (
    <section className="panel">
      <h2>{t('ledger.evidence')}</h2>
      <div className="panel-body stack">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the field inside is the one for keyboards and readers. */}
        <div
          className={isOver ? 'drop over' : 'drop'}
          onDragOver={(event: DragEvent) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event: DragEvent) => {
            event.preventDefault();
            setOver(false);
            void check(event.dataTransfer.files);
          }}
        >
          <label htmlFor={id}>{t('ledger.dropEvidence')}</label>
          <input
            id={id}
            type="file"
            accept=".json,application/json"
            disabled={checker === undefined}
            onChange={({ target }) => void check(target.files)}
          />
          <span className="fine">{t('ledger.evidenceAbout')}</span>
        </div>
        {checked !== undefined && <Outcome checked={checked} />}
      </div>
    </section>
  );
}

function Outcome({ checked }: { readonly checked: Checked }) {
  const { t } = useTranslation();
  const { name } = checked;
  if ('problem' in checked) {
    return (
      <div role="alert" className="verdict bad">
        <strong>{name}</strong>
        <p>{t(`ledger.${checked.problem}`)}</p>
      </div>
    );
  }
  const { ok, checks, network, operator, operatorKeyGiven, cosigners } = checked.verdict;
  return (
    <div role={ok ? 'status' : 'alert'} className={ok ? 'verdict good' : 'verdict bad'}>
      <strong>{t(ok ? 'ledger.evidenceHolds' : 'ledger.evidenceFails', { name })}</strong>
      <ul className="checks">
        {checks.map((check) => (
          <li key={check.name} className={check.ok ? 'state good' : 'state bad'}>
            <i aria-hidden="true" />
            <span>
              {t(check.ok ? 'ledger.checkOk' : 'ledger.checkFailed', { name: t(`ledger.checks.${check.name}`) })}{' '}
              <span className="fine">{check.detail}</span>
            </span>
          </li>
        ))}
      </ul>
      {network !== undefined && operator !== undefined && (
        <p className="fine">
          {t('ledger.signedFor', { network, operator })}{' '}
          {cosigners.length > 0 && t('ledger.cosignedBy', { members: cosigners.join(', ') })}{' '}
          {!operatorKeyGiven && t('ledger.keyNotGiven', { operator })}
        </p>
      )}
    </div>
  );
}
