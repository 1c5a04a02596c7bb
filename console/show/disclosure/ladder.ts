/** The disclosure as a picture: a line of life for each party, and an arrow for everything that crosses between two of them, in the order in which it is told. */
import type { ResponseOf } from '@causeway/core/api';

export type Disclosure = ResponseOf<'agreement.show'>['disclosure'];
export type Flow = Disclosure['flows'][number];

export interface Ladder {
  /** From left to right. */
  readonly parties: readonly string[];
  readonly arrows: readonly Arrow[];
}

export interface Arrow {
  /** Places of the parties. */
  readonly from: number;
  readonly to: number;
  readonly flow: Flow;
  /** From 0 to 1: how heavy it is beside the heaviest, by orders of magnitude. */
  readonly weight: number;
}

/** More than this nobody reads as a picture: it is then told as a list. */
const arrowsMax = 14;
const partiesMax = 5;
/** Orders of magnitude below the heaviest at which an arrow is as thin as it gets. */
const magnitudes = 4;

/** @param self this organisation, which stands on the left. @returns undefined for an agreement that is too large to be drawn. */
export function ladderOf({ parties, flows }: Disclosure, self?: string): Ladder | undefined {
  const named = parties.map(({ organisation }) => organisation);
  if (named.length > partiesMax || flows.length > arrowsMax || flows.length === 0) return undefined;
  // Whoever keeps the rows of others stands where all of them lead.
  const keeper = flows.find(({ code }) => code === 'pseudonymous-rows')?.to;
  const others = named.filter((organisation) => organisation !== keeper && organisation !== self);
  const first = named.filter((organisation) => organisation === self && organisation !== keeper);
  const ordered = [...first, ...others, ...(keeper === undefined ? [] : [keeper])];
  const heaviest = Math.max(1, ...flows.map(({ bytesAbout }) => bytesAbout ?? 0));
  return {
    parties: ordered,
    arrows: flows.map((flow) => ({
      from: ordered.indexOf(flow.from),
      to: ordered.indexOf(flow.to),
      flow,
      weight: weightOf(flow.bytesAbout ?? 0, heaviest),
    })),
  };
}

function weightOf(bytes: number, heaviest: number): number {
  return Math.max(0, 1 + Math.log10(Math.max(1, bytes) / heaviest) / magnitudes);
}
