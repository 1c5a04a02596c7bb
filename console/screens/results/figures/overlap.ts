/** How many of the own list match, in all, by identifier and by segment; what is masked stays so. */
import type { OverlapReport } from '@causeway/core/applications/overlap';
import { type Cell, type Figure, hidden } from '../../../charts/figure.ts';
import { column, count, decimal, name, share, type Telling, type ToldResult, told } from './told.ts';

type Row = OverlapReport['total'];

export function overlapFigures(report: OverlapReport, { say }: Telling): ToldResult {
  const { base, total, byIdentifier, bySegment } = report;
  const figure = (id: 'overlap-by-identifier' | 'overlap-by-segment', title: string, rows: readonly Row[]): Figure => ({
    id,
    title,
    columns: [
      column('name', say(id === 'overlap-by-segment' ? 'segment' : 'identifier'), name),
      column('matched', say('matched'), count),
      column('rate', say('rate'), share()),
      column('points', say('points'), decimal(1)),
    ],
    rows: rows.map((row) => [row.name, matchedCell(row), rateCell(row.rate), row.points ?? null]),
    chart: { kind: 'bars', name: 'name', value: 'rate', most: 1 },
  });
  return {
    facts: [
      { label: say('ownList'), cell: base, unit: count },
      { label: say('matched'), cell: matchedCell(total), unit: count },
      { label: say('rate'), cell: rateCell(total.rate), unit: share() },
    ],
    figures: [
      ...(byIdentifier.length === 0 ? [] : [figure('overlap-by-identifier', say('byIdentifier'), byIdentifier)]),
      ...(bySegment.length === 0 ? [] : [figure('overlap-by-segment', say('bySegment'), bySegment)]),
    ],
  };
}

/** Where the rate is masked, the number that it would follow from is not told either. */
function matchedCell({ matched, rate }: Row): Cell {
  return matched === undefined && rate !== undefined ? null : told(matched);
}

/** @param rate as reports have it: `30 %`, or `>85 %` above what is shown. */
export function rateCell(rate: string | undefined): Cell {
  const found = /^(>?)(\d+) %$/.exec(rate ?? '');
  if (found === null) return hidden;
  const part = Number(found[2]) / 100;
  return found[1] === '>' ? { over: part } : part;
}
