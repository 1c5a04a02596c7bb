import type { ResponseOf } from '@causeway/core/api';
import { useQueryClient, useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../../app/action.ts';
import { client } from '../../../app/client.ts';
import { queries } from '../../../app/queries.ts';
import { useMay } from '../../../app/session.ts';
import type { Minimum } from '../../../charts/figure.ts';
import { ScreenAbsent } from '../../../shell/screen-failed.tsx';
import { useFigures } from '../../../show/figures.ts';
import { askedOf } from '../../results/asked.ts';
import { answerFigures } from '../../results/figures/answer.ts';
import { minimumOf } from '../../results/minimum.ts';
import { ResultView } from '../../results/result-view.tsx';
import { useTelling } from '../../results/use-telling.ts';
import { RoomHead } from '../room-head.tsx';
import { type RoomTerms, roomTermsOf, tablesOf } from '../room-tables.ts';
import { useRho } from '../use-rho.ts';
import { exampleOf } from './example.ts';
import { inserted } from './inserted.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { RefusalNote } from './refusal-note.tsx';
import { TableList } from './table-list.tsx';
import { useQuestionPreview } from './use-question-preview.ts';
import './question.css';

const address = getRouteApi('/rooms/$room/question');

type Given = ResponseOf<'room.answers'>['items'][number];

/** A question in SQL: written beside the tables that there are, held against all rules before anything is spent, then answered. */
export function Question() {
  const { room: id } = address.useParams();
  const [{ data: room }, { data: answers }] = useSuspenseQueries({
    queries: [queries.room(id), queries.roomAnswers(id)],
  });
  const { data: agreement } = useSuspenseQuery(queries.agreement(room.agreement));
  const { t } = useTranslation();
  const terms = roomTermsOf(agreement);
  if (terms === undefined) return <ScreenAbsent />;
  return (
    <section className="screen">
      <RoomHead room={id} purpose={agreement.purpose} title={t('questions.title')} about={t('questions.about')} />
      <Asking room={id} terms={terms} minimum={minimumOf(agreement.terms)} given={answers.items} />
    </section>
  );
}

function Asking(props: {
  readonly room: string;
  readonly terms: RoomTerms;
  readonly minimum: Minimum | undefined;
  readonly given: readonly Given[];
}) {
  const { room, terms, minimum, given } = props;
  const { t } = useTranslation();
  const may = useMay();
  const keeper = useQueryClient();
  const id = useId();
  const box = useRef<HTMLTextAreaElement | null>(null);
  const tables = tablesOf(terms);
  const [text, setText] = useState(() => exampleOf(tables));
  const { preview, error, isCurrent } = useQuestionPreview(room, text);
  const [asked, setAsked] = useState<string>();
  const ask = useAction(() => client.room.ask({ room, statement: text }), {
    changes: ['rooms'],
    done: ({ question }) => {
      setAsked(question);
      // What it cost is known now: the same again is free.
      void keeper.invalidateQueries({ queryKey: ['rooms', room, 'question'] });
    },
  });
  const insert = (name: string) => {
    const { selectionStart, selectionEnd } = box.current ?? { selectionStart: text.length, selectionEnd: text.length };
    const next = inserted(text, name, { from: selectionStart, to: selectionEnd });
    setText(next.text);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(next.at, next.at);
    });
  };
  const failed = error ?? ask.error;
  const isAffordable = preview?.budgets.every(({ isEnough }) => isEnough) === true;
  const canAsk = isCurrent && error === null && preview !== undefined && isAffordable;
  const questions = given.filter(({ statement }) => askedOf(statement).kind === 'question');
  const shown = questions.find(({ question }) => question === asked);
  return (
    <>
      <div className="panels question-panels">
        <div>
          <section className="panel panel-body stack">
            <div>
              <label className="label" htmlFor={id}>
                {t('questions.statement')}
              </label>
              <Input.TextArea
                id={id}
                ref={(element) => {
                  box.current = element?.resizableTextArea?.textArea ?? null;
                }}
                className="mono question-text"
                autoSize={{ minRows: 6, maxRows: 20 }}
                spellCheck={false}
                maxLength={16_384}
                value={text}
                onChange={({ target }) => setText(target.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canAsk) ask.run(undefined);
                }}
              />
              <p className="fine hint">{t('questions.hint')}</p>
            </div>
            {may('room.ask') && (
              <div className="toolbar">
                <Button type="primary" disabled={!canAsk} loading={ask.isRunning} onClick={() => ask.run(undefined)}>
                  {t('questions.ask')}
                </Button>
              </div>
            )}
          </section>
          {failed !== null && <RefusalNote error={failed} />}
          {error === null && <PreviewPanel preview={preview} />}
        </div>
        <TableList tables={tables} insert={insert} />
      </div>
      {shown !== undefined && <Answered given={shown} minimum={minimum} />}
      <History room={room} questions={questions} shown={asked} load={setText} show={setAsked} />
    </>
  );
}

function Answered({ given, minimum }: { readonly given: Given; readonly minimum: Minimum | undefined }) {
  const telling = useTelling();
  const answer = given.answer as ResponseOf<'room.ask'>['answer'];
  return <ResultView result={answerFigures(answer, telling)} sentences={[]} minimum={minimum} />;
}

/** What this node was told already: read again for nothing, or taken as a beginning. */
function History(props: {
  readonly room: string;
  readonly questions: readonly Given[];
  readonly shown: string | undefined;
  readonly load: (statement: string) => void;
  readonly show: (question: string) => void;
}) {
  const { room, questions, shown, load, show } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const rho = useRho();
  return (
    <section className="panel">
      <h2>{t('questions.history')}</h2>
      {questions.length === 0 && <p className="quiet">{t('questions.historyNone')}</p>}
      <ul className="rows plain-list question-history">
        {questions.toReversed().map(({ question, statement, at, rho: cost }) => (
          <li key={question} aria-current={question === shown ? 'true' : undefined}>
            <div className="what">
              <Link className="mono" to="/results/rooms/$room/$question" params={{ room, question }}>
                {statement}
              </Link>
              <span className="fine">
                {figures.time(at)} · {rho.spent(cost)}
              </span>
            </div>
            <Button
              size="small"
              aria-label={`${t('questions.again')}: ${statement}`}
              onClick={() => {
                load(statement);
                show(question);
              }}
            >
              {t('questions.again')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
