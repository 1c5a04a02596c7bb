import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../show/figures.ts';

type Detail = ResponseOf<'agreement.show'>;

/** Who learns what: each party as an island with everything that it will know afterwards, and what the statement rests on. */
export function DisclosurePicture(props: {
  readonly disclosure: Detail['disclosure'];
  readonly parties: Detail['parties'];
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { language } = usePreferences();
  const { disclosure, parties } = props;
  const hasSigned = (organisation: string) =>
    parties.some((party) => party.organisation === organisation && party.signed);
  return (
    <section className="panel">
      <h2>{t('agreements.learns')}</h2>
      <div className="panel-body stack">
        <p>{disclosure.words[language]}</p>
        <div className="islands">
          {disclosure.parties.map(({ organisation, learns }) => (
            <div className="island" key={organisation}>
              <strong>{organisation}</strong>{' '}
              <span className="fine">
                {hasSigned(organisation) ? t('agreements.signed') : t('agreements.unsigned')}
              </span>
              {learns.length === 0 && <p className="fine">{t('agreements.learnsNothing')}</p>}
              <ul>
                {learns.map(({ code, words, atMost }) => (
                  <li key={`${code}/${words.en}`}>
                    {words[language]}{' '}
                    {atMost !== undefined && (
                      <span className="fine">{t('agreements.atMost', { number: figures.count(atMost) })}</span>
                    )}
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        {disclosure.assumptions.length > 0 && (
          <div>
            <div className="label">{t('agreements.assumptions')}</div>
            <ul className="plain-list stack">
              {disclosure.assumptions.map((words) => (
                <li key={words.en}>{words[language]}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}
