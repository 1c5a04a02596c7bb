/** A guest's way through the page, one step after the other: the invite, the file, who learns what, the run, the result. */
import { useTranslation } from 'react-i18next';
import { Mark } from '../../shell/mark.tsx';
import { PreferencesButton } from '../../shell/preferences-button.tsx';
import { Consent } from './consent.tsx';
import { FileStep } from './file-step.tsx';
import { GuestProblem } from './guest-problem.tsx';
import { Invitation } from './invitation.tsx';
import { Result } from './result.tsx';
import { RunStep } from './run-step.tsx';
import { useVisit } from './use-visit.ts';

export function GuestPage({ fragment }: { readonly fragment: string }) {
  const { t } = useTranslation();
  const visit = useVisit(fragment);
  const { state } = visit;
  return (
    <div className="guest">
      <header className="guest-head">
        <span className="brand">
          <Mark />
          {t('product.name')}
        </span>
        <PreferencesButton />
      </header>
      <main className="guest-main">
        {state.offer === undefined ? (
          state.failure === undefined && <output className="about">{t('guest.opening')}</output>
        ) : (
          <Invitation offer={state.offer} />
        )}
        {state.failure !== undefined && <GuestProblem failure={state.failure} />}
        {state.offer !== undefined && (state.step === 'file' || state.step === 'column') && (
          <FileStep offer={state.offer} state={state} visit={visit} />
        )}
        {state.step === 'consent' && <Consent state={state} visit={visit} />}
        {state.step === 'run' && <RunStep progress={state.progress} />}
        {state.step === 'result' && <Result state={state} visit={visit} />}
        {state.offer !== undefined && <p className="fine">{t('guest.trust', { host: state.offer.host.name })}</p>}
      </main>
    </div>
  );
}
