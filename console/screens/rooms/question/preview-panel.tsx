import type { Preview } from '@causeway/core/policy/query';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../../show/figures.ts';
import { useOrganisationName } from '../../../show/organisations.tsx';
import type { en } from '../../../words/en/index.ts';
import { Cost } from '../cost.tsx';

/** Before anything is spent: the price, what the answer will be like, and whose rules it was held against. */
export function PreviewPanel({ preview }: { readonly preview: Preview | undefined }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = useOrganisationName();
  const owners = Map.groupBy(preview?.rules ?? [], ({ owner }) => owner);
  return (
    <section className="panel">
      <h2>{t('questions.before')}</h2>
      <div className="panel-body stack">
        <Cost preview={preview === undefined ? undefined : { ...preview, isOwn: false }} />
        {preview !== undefined && (
          <>
            <ul className="sentences fine">
              <li>{t('questions.rows', { number: figures.count(preview.rows) })}</li>
              {preview.figures.map(({ output, sigma, halfWidth }) => (
                <li key={output}>
                  {halfWidth === null || sigma === null
                    ? t(preview.isExact ? 'questions.exact' : 'questions.computed', { output })
                    : t('questions.noise', { output, halfWidth: figures.decimal(halfWidth, 1) })}
                </li>
              ))}
              <li>{t('questions.rewritten')}</li>
            </ul>
            <details>
              <summary>{t('questions.rules')}</summary>
              <ul className="plain-list rule-uses">
                {[...owners].map(([owner, uses]) => (
                  <li key={owner}>
                    <strong>{nameOf(owner)}</strong>{' '}
                    {uses.map(({ column, use }) => (
                      <span key={`${column}/${use}`} className="rule-use">
                        <span className="mono">{column}</span>{' '}
                        {t(`questions.uses.${use as keyof typeof en.questions.uses}`)}
                      </span>
                    ))}
                  </li>
                ))}
              </ul>
            </details>
          </>
        )}
      </div>
    </section>
  );
}
