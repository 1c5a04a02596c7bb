import type { ResponseOf } from '@causeway/core/api';
import type { Words } from '@causeway/core/applications';
import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { useRho } from '../rooms/use-rho.ts';
import { type Asked, askedOf } from './asked.ts';
import { answerFigures } from './figures/answer.ts';
import { reportFigures } from './figures/report.ts';
import type { Telling, ToldResult } from './figures/told.ts';
import { minimumOf } from './minimum.ts';
import { PrintButton, ResultView } from './result-view.tsx';
import { useTelling } from './use-telling.ts';

const address = getRouteApi('/results/rooms/$room/$question');

type Kept = ResponseOf<'room.answers'>['items'][number];

/** A report or an answer that a room gave: what was asked, what it cost, and what it says. */
export function RoomResult() {
  const { room: id, question } = address.useParams();
  const [{ data: room }, { data: answers }] = useSuspenseQueries({
    queries: [queries.room(id), queries.roomAnswers(id)],
  });
  const { data: agreement } = useSuspenseQuery(queries.agreement(room.agreement));
  const { t } = useTranslation();
  const figures = useFigures();
  const rho = useRho();
  const nameOf = useOrganisationName();
  const telling = useTelling();
  const kept = answers.items.find((item) => item.question === question);
  if (kept === undefined) return <ScreenAbsent />;
  const asked = askedOf(kept.statement);
  const statement = kept.statement.toLowerCase();
  const minimum = minimumOf(agreement.terms, (table) => statement.includes(table.toLowerCase()));
  const { result, sentences } = tell(asked, kept.answer, telling);
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine screen-only">
            <Link to="/rooms/$room" params={{ room: id }}>
              {agreement.purpose}
            </Link>
          </p>
          <h1>{t(`results.kinds.${asked.kind}`)}</h1>
          <p className="about">
            {figures.time(kept.at)} ·{' '}
            {t('results.parties', {
              parties: room.contributors.map(({ organisation }) => nameOf(organisation)).join(', '),
            })}{' '}
            · {rho.spent(kept.rho)}
          </p>
        </div>
        <PrintButton />
      </div>
      {answers.withdrawn && <Alert type="warning" showIcon title={t('results.withdrawn')} />}
      <ResultView result={result} sentences={sentences} minimum={minimum} />
      <section className="panel">
        <details className="panel-body">
          <summary>{t('results.asked')}</summary>
          <pre className="mono">
            {asked.kind === 'question' ? asked.statement : JSON.stringify(asked.request, null, 2)}
          </pre>
        </details>
      </section>
    </section>
  );
}

function tell(
  asked: Asked,
  answer: Kept['answer'],
  telling: Telling,
): { readonly result: ToldResult; readonly sentences: readonly Words[] } {
  if (asked.kind !== 'question') {
    const { words } = answer as { readonly words: readonly Words[] };
    return { result: reportFigures(asked.kind, answer, telling), sentences: words };
  }
  const given = answer as ResponseOf<'room.ask'>['answer'];
  return { result: answerFigures(given, telling), sentences: given.hidden === null ? [] : [given.hidden.words] };
}
