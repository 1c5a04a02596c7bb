import { ApiError } from '@causeway/sdk';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from '../words/en/index.ts';

type TitleCode = keyof typeof en.problem.titles;

/** The part of a problem document that a person reads; a job keeps one as well. */
interface Told {
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: { readonly detail: string; readonly organisation?: string | undefined } | undefined;
}

/** A failure as its problem document tells it: what happened, what to do, what the partner says, and the code to search for. */
export function ProblemNote(props: { readonly error: unknown; readonly action?: ReactNode }) {
  const { t } = useTranslation();
  const { code, detail, remedy, requestId, cause } = toldBy(props.error);
  const title: TitleCode = Object.hasOwn(en.problem.titles, code) ? (code as TitleCode) : 'other';
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t(`problem.titles.${title}`)}
      action={props.action}
      description={
        <div className="problem">
          <p>{detail}</p>
          {remedy !== undefined && (
            <p>
              <strong>{t('problem.remedy')}</strong> {remedy}
            </p>
          )}
          {cause !== undefined && (
            <p>
              <strong>{t('problem.cause', { organisation: cause.organisation ?? t('problem.partner') })}</strong>{' '}
              {cause.detail}
            </p>
          )}
          <p className="fine">
            {t('problem.code', { code })}
            {requestId !== undefined && ` · ${t('problem.request', { id: requestId })}`}
          </p>
        </div>
      }
    />
  );
}

function toldBy(error: unknown): Told {
  if (error instanceof ApiError) return error.problem;
  if (typeof error === 'object' && error !== null && 'code' in error && 'detail' in error) return error as Told;
  return { code: 'console', detail: error instanceof Error ? error.message : String(error) };
}
