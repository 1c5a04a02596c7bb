import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../figures.ts';
import type { Named } from '../said-with.ts';
import { useFlowWord } from './flow-word.ts';
import type { Arrow, Ladder } from './ladder.ts';

const headHeight = 34;
const rowHeight = 50;
const firstRow = headHeight + 40;
/** Room at both ends of an arrow, beside the line of life. */
const gap = 7;
const tip = 9;
/** Of a letter in a head, and letters that `you` takes. */
const headLetter = 8.5;
const headYou = 5;

/** Drawn at the width that there is, so that its words are never scaled. */
export function LadderPicture(props: {
  readonly ladder: Ladder;
  readonly width: number;
  readonly named: Named;
  readonly self: string | undefined;
}) {
  const { t } = useTranslation();
  const { ladder, width, named, self } = props;
  const { nameOf } = named;
  const placeOf = (party: number) => (width * (party + 0.5)) / ladder.parties.length;
  const height = firstRow + (ladder.arrows.length - 1) * rowHeight + 26;
  const headWidth = Math.min(220, width / ladder.parties.length - 16);
  return (
    <svg className="ladder" width={width} height={height} role="img" aria-label={t('disclosure.picture')}>
      {ladder.parties.map((organisation, party) => {
        const x = placeOf(party);
        return (
          <g key={organisation}>
            <line className="life" x1={x} x2={x} y1={headHeight} y2={height} />
            <title>{`${nameOf(organisation)} (${organisation})`}</title>
            <rect className="head" x={x - headWidth / 2} y={1} width={headWidth} height={headHeight - 2} rx={8} />
            <text className="head-name" x={x} y={headHeight / 2 + 5}>
              {cut(nameOf(organisation), headWidth)}
              {organisation === self && (
                <tspan className="you" dx={6}>
                  {t('network.self')}
                </tspan>
              )}
            </text>
          </g>
        );
      })}
      {ladder.arrows.map((arrow, row) => (
        <ArrowLine
          // Two flows of one kind between the same two are told apart by their place alone.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is part of the statement and never changes
          key={row}
          arrow={arrow}
          y={firstRow + row * rowHeight}
          from={placeOf(arrow.from)}
          to={placeOf(arrow.to)}
        />
      ))}
    </svg>
  );
}

/** A name that has room in its head; the whole of it is told on hover. */
function cut(name: string, width: number): string {
  const most = Math.floor(width / headLetter) - headYou;
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`;
}

function ArrowLine(props: { readonly arrow: Arrow; readonly y: number; readonly from: number; readonly to: number }) {
  const { language } = usePreferences();
  const figures = useFigures();
  const flowWord = useFlowWord();
  const { arrow, y, from, to } = props;
  const { flow, weight } = arrow;
  const towards = Math.sign(to - from);
  const [start, end] = [from + towards * gap, to - towards * gap];
  const thick = 1.5 + 3.5 * weight;
  const head = tip + thick;
  return (
    <g className={flow.readable ? 'arrow readable' : 'arrow'}>
      <title>{flow.words[language]}</title>
      <line x1={start} x2={end - towards * head} y1={y} y2={y} strokeWidth={thick} />
      <path d={`M${end} ${y}l${-towards * head} ${-head / 2}v${head}z`} />
      <text x={(from + to) / 2} y={y - 9 - thick / 2}>
        {flowWord(flow.code)}
        {flow.bytesAbout !== undefined && (
          <tspan className="size" dx={8}>
            {figures.size(flow.bytesAbout)}
          </tspan>
        )}
      </text>
    </g>
  );
}
