import type { Luck } from '../world/luck.ts';

/** One row of a dataset: its identifier of each kind, `undefined` where the row has none. */
export type Row = readonly (string | undefined)[];

/**
 * Draws the two lists of a run: up to 60 rows each over one population, with people who stand twice, rows without an identifier, and
 * identifiers that belong to somebody else.
 */
export function drawLists(luck: Luck, kinds: number): { readonly brand: Row[]; readonly media: Row[] } {
  const peopleCount = 1 + luck.below(80);
  const someLetters = luck
    .below(2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const idOf = (kind: number, person: number) => `${someLetters}-id-${kind}-${person}`;
  const list = (): Row[] => {
    const rowCount = luck.chance(0.03) ? 0 : 1 + luck.below(luck.chance(0.7) ? 30 : 60);
    return Array.from({ length: rowCount }, () => {
      const person = luck.below(peopleCount);
      return Array.from({ length: kinds }, (_, kind) => {
        if (luck.chance(0.1)) return undefined;
        return idOf(kind, luck.chance(0.1) ? luck.below(peopleCount) : person);
      });
    });
  };
  return { brand: list(), media: list() };
}
