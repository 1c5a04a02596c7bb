/**
 * The difference guard of exact answers: two figures about sets of people that differ by a few would, between them, tell about those few, and so would two
 * sums that only a few people add different amounts to. It looks at pairs; combinations of three and more pass it, and are stopped by the strict guard (`partition.ts`).
 */
import { QueryRefused } from '../refusal.ts';
import type { PersonSet } from './person-set.ts';

/** People that a released figure is about, and the organisations whose data made it. */
export interface ReleasedSet {
  readonly owners: readonly string[];
  readonly persons: PersonSet;
  /** Of a sum: what each of them adds to it, as `markOf`. */
  readonly marks?: PersonSet | undefined;
}

/**
 * Holds new sets against all earlier ones and against each other. Sets that have an owner in common are compared: a join with a second owner's table
 * is still about the first one's people, so this is stricter than comparing sets of the very same owners.
 * @param of.earlier what was released, the tables without any condition among it.
 * @throws {QueryRefused} `difference`.
 */
export function requireDifferences(of: {
  readonly released: readonly ReleasedSet[];
  readonly earlier: readonly ReleasedSet[];
  readonly k: number;
}): void {
  const { released, earlier, k } = of;
  released.forEach((set, i) => {
    for (const other of [...earlier, ...released.slice(0, i)]) {
      const owner = set.owners.find((name) => other.owners.includes(name));
      if (owner !== undefined && (isTooNear(set.persons, other.persons, k) || areMarksTooNear(set, other, k))) {
        throw new QueryRefused('difference', { owner, rule: 'k' });
      }
    }
  });
}

function isTooNear(a: PersonSet, b: PersonSet, k: number): boolean {
  // Sets of very different sizes differ by at least that, which is cheap to see.
  if (Math.abs(a.size - b.size) >= k) return false;
  const difference = a.differenceTo(b);
  return difference > 0 && difference < k;
}

/** Sums over the same people that few of them add other amounts to. Who does has another mark in each. */
function areMarksTooNear({ marks: a }: ReleasedSet, { marks: b }: ReleasedSet, k: number): boolean {
  return a !== undefined && b !== undefined && isTooNear(a, b, 2 * k);
}
