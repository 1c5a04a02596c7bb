import { type RefusalCode, sentences } from '@causeway/core/policy/query/refusals';
import { ApiError } from '@causeway/sdk';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../../app/preferences.ts';
import { ProblemNote } from '../../../show/problem-note.tsx';

/** Why a question is not answered: the rule in the reader's language; whose it is, of which column and at which place as its node says it. */
export function RefusalNote({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const refusal = refusalOf(error);
  if (refusal === undefined) return <ProblemNote error={error} />;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={sentences[refusal.code][language]}
      description={
        <div className="problem">
          {/* The rule stands above, in the reader's language: what follows it is where. */}
          <p>{refusal.detail.replace(sentences[refusal.code].en, '').trim()}</p>
          <p className="fine">{t('questions.refusedFree')}</p>
        </div>
      }
    />
  );
}

/** Of a room that another node keeps, its own words; of one that is kept here, this node's. */
function refusalOf(error: Error): { readonly code: RefusalCode; readonly detail: string } | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { code, detail } = error.problem.cause ?? error.problem;
  return Object.hasOwn(sentences, code) ? { code: code as RefusalCode, detail } : undefined;
}
