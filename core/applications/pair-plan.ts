/** The plan of a run of two lists, as each side is shown it: what it will take, and what the estimate rests on. */
import type { Side } from '../protocols/index.ts';
import { basisOf, type Effort, type PlanFacts, secondsAbout } from './estimate.ts';
import { otherSide } from './match/terms.ts';
import type { Words } from './words.ts';

export interface PairPlan {
  readonly protocol: string;
  readonly kernel: string;
  readonly rounds: readonly ReturnType<typeof plannedRound>[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  readonly secondsAbout: number;
  readonly bytesAbout: number;
  /** What the estimate rests on. */
  readonly words: Words;
}

interface PlannedRun {
  readonly protocol: string;
  readonly lists: Readonly<Record<Side, { readonly rowsAbout: number }>>;
  readonly keys: readonly PlannedKey[];
  readonly effortOf: (side: Side) => Effort;
  /** Of both directions. */
  readonly bytes: number;
}

/** @param side who is shown it. */
export function planPair(
  { protocol, lists, keys, effortOf, bytes }: PlannedRun,
  side: Side,
  facts: PlanFacts,
): PairPlan {
  const other = otherSide(side);
  return {
    protocol,
    kernel: facts.own.kernel,
    rounds: keys.map((key) => plannedRound(key, side)),
    rowsAbout: { mine: lists[side].rowsAbout, theirs: lists[other].rowsAbout },
    secondsAbout: secondsAbout({ own: effortOf(side), partner: effortOf(other), bytes }, facts),
    bytesAbout: bytes,
    words: basisOf(facts),
  };
}

interface PlannedKey {
  readonly form: string;
  readonly proposer: { readonly column: string };
  readonly partner: { readonly column: string };
}

/** What a plan says to one side of a kind of identifier. */
export function plannedRound(
  key: PlannedKey,
  side: Side,
): { readonly key: string; readonly form: string; readonly mine: string; readonly theirs: string } {
  return { key: key.form, mine: key[side].column, theirs: key[otherSide(side)].column, form: key.form };
}
