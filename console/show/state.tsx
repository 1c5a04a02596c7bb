import { useTranslation } from 'react-i18next';
import type { en } from '../words/en/index.ts';

export type State = keyof typeof en.status;

/** Which colour a state has; the word always stands beside it. */
const tones: Readonly<Record<State, 'good' | 'busy' | 'bad' | 'still'>> = {
  ready: 'still',
  published: 'good',
  withdrawn: 'still',
  broken: 'bad',
  queued: 'still',
  running: 'busy',
  interrupted: 'bad',
  cancelling: 'busy',
  finished: 'good',
  failed: 'bad',
  cancelled: 'still',
  connected: 'good',
  reconnecting: 'busy',
  closed: 'still',
  draft: 'busy',
  proposed: 'busy',
  active: 'good',
  rejected: 'bad',
  revoked: 'still',
  expired: 'still',
  exhausted: 'still',
  member: 'good',
  left: 'still',
  loading: 'busy',
  answering: 'good',
  closing: 'busy',
  erased: 'still',
};

export function StateTag({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  return (
    <span className={`state ${tones[state]}`}>
      <i aria-hidden="true" />
      {t(`status.${state}`)}
    </span>
  );
}
