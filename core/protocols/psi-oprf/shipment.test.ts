import { describe, expect, it } from 'vitest';
import { type EarlierVersion, type HeldTable, planShipment, type Table } from './index.ts';
import { plan, someTable } from './testing/roles.ts';

describe('a shipment', () => {
  const table: Table = { ...someTable, version: 3, rows: 100, placeBits: 7 };
  const version = (rows: number, added: number, removed: number, fill: number): EarlierVersion => ({
    rows,
    added,
    removed,
    root: new Uint8Array(32).fill(fill),
  });
  const earlier = [version(99, 3, 2, 1), version(100, 1, 1, 2)];
  const held = (of: Partial<HeldTable>) => ({ epoch: 3, version: 2, root: new Uint8Array(32).fill(2), ...of });
  const lists = (held?: HeldTable) =>
    planShipment({ table, earlier }, held).parts.map(({ list, version, rows }) => [list, version, rows]);

  it('is the whole table for a client without one, of another key, or with something else than it was sent', () => {
    for (const of of [
      undefined,
      held({ epoch: 2 }),
      held({ root: plan }),
      held({ version: 9 }),
      held({ version: 3, root: plan }),
      held({ version: 0 }),
    ]) {
      expect(lists(of)).toEqual([['all', 3, 100]]);
    }
  });

  it('is nothing for a client that is up to date, and the changes since then for one that is not', () => {
    expect(lists(held({ version: 3, root: table.root }))).toEqual([]);
    expect(lists(held({}))).toEqual([
      ['removed', 3, 1],
      ['added', 3, 1],
    ]);
    expect(lists(held({ version: 1, root: new Uint8Array(32).fill(1) }))).toEqual([
      ['removed', 2, 2],
      ['added', 2, 3],
      ['removed', 3, 1],
      ['added', 3, 1],
    ]);
  });

  it('is the whole table where the changes would be longer', () => {
    const offer = { table, earlier: [version(100, 90, 90, 1)] };
    expect(planShipment(offer, held({ root: new Uint8Array(32).fill(1) })).from).toBe('nothing');
  });
});
