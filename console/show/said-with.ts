/** Organisations by the names that they go by, inside sentences that a node made with their ids. */
import type { Figures } from './figures.ts';

export type Names = ReadonlyMap<string, string>;

/** An id or a number that stands by itself: not a part of another word, of a time, of a digest. */
const alone = (pattern: string) => new RegExp(`(?<![\\w.:-])(?:${pattern})(?![\\w:-]|\\.\\d)`, 'g');
const longNumber = alone('\\d{5,}');

/** @param organisations whose ids are replaced, wherever one stands by itself; @param figures by which long numbers are grouped. */
export function saidWith(
  text: string,
  { names, organisations }: { readonly names: Names; readonly organisations: readonly string[] },
  figures: Pick<Figures, 'count'>,
): string {
  const grouped = text.replace(longNumber, (digits) => figures.count(Number(digits)));
  const known = organisations.filter((organisation) => names.has(organisation));
  if (known.length === 0) return grouped;
  // The longest first, for one id may begin another.
  const pattern = known.toSorted((a, b) => b.length - a.length).join('|');
  return grouped.replace(alone(pattern), (organisation) => names.get(organisation)!);
}

/** How organisations are called by whoever reads. */
export interface Named {
  readonly nameOf: (organisation: string) => string;
  /** A sentence about these organisations, as a reader says it. */
  readonly said: (text: string, organisations: readonly string[]) => string;
}

/** @param names of organisations; whoever has none is called by its id. */
export function namedBy(names: Names, figures: Pick<Figures, 'count'>): Named {
  return {
    nameOf: (organisation) => names.get(organisation) ?? organisation,
    said: (text, organisations) => saidWith(text, { names, organisations }, figures),
  };
}
