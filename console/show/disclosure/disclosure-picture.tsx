import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../figures.ts';
import type { Named } from '../said-with.ts';
import { FlowList } from './flow-list.tsx';
import { type Disclosure, ladderOf } from './ladder.ts';
import { LadderPicture } from './ladder-picture.tsx';
import { useWidth } from './use-width.ts';
import './disclosure.css';

/** Below this the words of two arrows would meet. */
const partyWidthMin = 210;

/** Who learns what: what crosses between whom, drawn; then what each party will know; then what the statement rests on. */
export function DisclosurePicture(props: {
  readonly disclosure: Disclosure;
  readonly named: Named;
  /** This organisation. */
  readonly self?: string;
  /** Those that have signed; left out before anything is signed. */
  readonly signed?: readonly string[];
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const [box, width] = useWidth<HTMLDivElement>();
  const { disclosure, named, self, signed } = props;
  const { said } = named;
  const all = disclosure.parties.map(({ organisation }) => organisation);
  const ladder = ladderOf(disclosure, self);
  const isDrawn = ladder !== undefined && width >= partyWidthMin * ladder.parties.length;
  const order = ladder?.parties ?? disclosure.parties.map(({ organisation }) => organisation);
  const parties = order.map((name) => disclosure.parties.find(({ organisation }) => organisation === name)!);
  return (
    <section className="panel disclosure">
      <h2>{t('agreements.learns')}</h2>
      <div className="panel-body stack">
        <p className="summary">{said(disclosure.words[language], all)}</p>
        <div ref={box}>
          {isDrawn ? (
            <>
              <LadderPicture ladder={ladder} width={width} named={named} self={self} />
              <p className="legend fine">
                <span className="sample" aria-hidden="true" /> {t('disclosure.unreadable')}
                <span className="sample readable" aria-hidden="true" /> {t('disclosure.readable')}
              </p>
              <div className="heard-only">
                <FlowList flows={disclosure.flows} named={named} />
              </div>
            </>
          ) : (
            width > 0 && <FlowList flows={disclosure.flows} named={named} />
          )}
        </div>
        <div
          className="learners"
          style={{ gridTemplateColumns: isDrawn ? `repeat(${parties.length}, minmax(0, 1fr))` : '1fr' }}
        >
          {parties.map((party) => (
            <Learner key={party.organisation} party={party} named={named} signed={signed} all={all} />
          ))}
        </div>
        {disclosure.assumptions.length > 0 && (
          <details className="assumptions">
            <summary>{t('agreements.assumptions')}</summary>
            <ul>
              {disclosure.assumptions.map((words) => (
                <li key={words.en}>{said(words[language], all)}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

function Learner(props: {
  readonly party: Disclosure['parties'][number];
  readonly named: Named;
  readonly signed: readonly string[] | undefined;
  readonly all: readonly string[];
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const { nameOf, said } = props.named;
  const { organisation, learns } = props.party;
  return (
    <div className="learner">
      <div className="learner-head">
        <strong title={organisation}>{t('disclosure.learnsOf', { organisation: nameOf(organisation) })}</strong>
        {props.signed !== undefined && (
          <span className="fine">
            {props.signed.includes(organisation) ? t('agreements.signed') : t('agreements.unsigned')}
          </span>
        )}
      </div>
      {learns.length === 0 && <p className="fine">{t('agreements.learnsNothing')}</p>}
      <ul>
        {learns.map(({ code, words, atMost }) => {
          const bound = atMost === undefined ? '' : figures.count(atMost);
          return (
            <li key={`${code}/${words.en}`}>
              {said(words[language], props.all)}{' '}
              {bound !== '' && !words[language].includes(bound) && (
                <span className="fine">{t('agreements.atMost', { number: bound })}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
