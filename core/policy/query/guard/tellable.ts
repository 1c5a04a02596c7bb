/** Whether an exact answer may follow all that was told before it: the guard by pairs, and the strict one where the owners asked for it. */
import { type ReleasedSet, requireDifferences } from './difference.ts';
import { Partition } from './partition.ts';
import { PersonSet } from './person-set.ts';

export interface ToldSets {
  /** What counts as told from the start: the people of tables as they are. */
  readonly known: readonly ReleasedSet[];
  /** What was released since. */
  readonly released: readonly ReleasedSet[];
}

/** @throws {QueryRefused} `difference`; `too-fine` under the strict guard. */
export function requireTellable(of: {
  readonly sets: readonly ReleasedSet[];
  readonly told: ToldSets;
  readonly k: number;
  readonly isStrict: boolean;
}): void {
  const { sets, told, k, isStrict } = of;
  requireDifferences({ released: sets, earlier: [...told.known, ...told.released], k });
  if (!isStrict || sets.length === 0) return;
  const known = told.known.map(({ persons }) => persons);
  const people = known.reduce((all, persons) => all.union(persons), PersonSet.from(new Uint32Array(0)));
  // What was told was admitted when it was, and is not judged again.
  Partition.of(people)
    .split([...known, ...told.released.map(({ persons }) => persons)], 1)
    .split(
      sets.map(({ persons }) => persons),
      k,
    );
}
