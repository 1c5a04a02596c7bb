import type { Words } from '@causeway/core/applications';
import { Button, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { cellText } from '../../charts/cell-text.ts';
import type { Minimum } from '../../charts/figure.ts';
import { FigurePanel } from '../../charts/figure-panel.tsx';
import { FactsLine } from '../../show/facts-line.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { usePrinting } from '../../show/use-printing.ts';
import type { Fact, ToldResult } from './figures/told.ts';
import './results.css';

/** A result: its chief numbers, its figures, and the same in sentences. Of a report with parts one is shown; on paper all are. */
export function ResultView(props: {
  readonly result: ToldResult;
  readonly sentences: readonly Words[];
  /** Its owners by their ids. */
  readonly minimum: Minimum | undefined;
  /** Stands between the numbers and the figures. */
  readonly choice?: ReactNode;
}) {
  const { sentences, choice } = props;
  const { facts, figures } = props.result;
  const { t } = useTranslation();
  const isPrinting = usePrinting();
  const nameOf = useOrganisationName();
  const minimum = props.minimum && { ...props.minimum, owners: props.minimum.owners.map(nameOf) };
  const parts = [...new Set(figures.flatMap(({ part }) => part ?? []))];
  const [chosen, choose] = useState<string>();
  const part = chosen !== undefined && parts.includes(chosen) ? chosen : parts[0];
  const shown = isPrinting ? figures : figures.filter((figure) => figure.part === undefined || figure.part === part);
  return (
    <>
      {facts.length > 0 && (
        <section className="panel panel-body">
          <Facts facts={facts} />
        </section>
      )}
      {choice}
      {parts.length > 1 && !isPrinting && (
        <Segmented<string>
          className="parts"
          aria-label={t('results.part')}
          options={parts}
          value={part ?? ''}
          onChange={choose}
        />
      )}
      <div className="figure-grid">
        {shown.map((figure) => (
          <FigurePanel key={`${figure.part}/${figure.id}`} figure={figure} minimum={minimum} />
        ))}
      </div>
      {sentences.length > 0 && <Sentences sentences={sentences} isWhole={isPrinting} />}
    </>
  );
}

/** Of many sentences the first ones; a report of ten models has a hundred. */
function Sentences({ sentences, isWhole }: { readonly sentences: readonly Words[]; readonly isWhole: boolean }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const list = (part: readonly Words[]) => (
    <ul className="sentences">
      {part.map((words) => (
        <li key={words.en}>{words[language]}</li>
      ))}
    </ul>
  );
  // Two parts of a report may say the same.
  const distinct = [...new Map(sentences.map((words) => [words.en, words])).values()];
  const rest = distinct.slice(sentencesMax);
  return (
    <section className="panel">
      <h2>{t('results.inWords')}</h2>
      <div className="panel-body stack">
        {list(distinct.slice(0, sentencesMax))}
        {rest.length > 0 && (
          <details open={isWhole}>
            <summary>{t('results.moreWords', { number: figures.count(rest.length) })}</summary>
            {list(rest)}
          </details>
        )}
      </div>
    </section>
  );
}

const sentencesMax = 8;

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = { hidden: t('charts.hidden'), figures };
  return (
    <FactsLine
      facts={facts.map(({ label, cell, unit, interval }) => ({
        label,
        value: cellText(cell, unit, words),
        about:
          interval === undefined
            ? undefined
            : t('results.interval', {
                low: cellText(interval.low, unit, words),
                high: cellText(interval.high, unit, words),
              }),
      }))}
    />
  );
}

export function PrintButton() {
  const { t } = useTranslation();
  return (
    <Button className="screen-only" onClick={() => print()}>
      {t('results.print')}
    </Button>
  );
}
