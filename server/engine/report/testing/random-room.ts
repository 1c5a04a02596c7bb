/** Random rows of a small room: everything that a report may meet, for tests over many rooms. One seed gives the same rows. */
import type { SeededRandom } from '@causeway/core/random';
import type { TestDatabase } from '../../testing/database.ts';

export const randomShape = {
  channels: ['c0', 'c1', 'c2'],
  campaigns: ['k0', 'k1'],
  groups: ['g0', 'g1'],
  tiers: ['a', 'b'],
  from: '2026-01-01',
  to: '2026-03-01',
} as const;

/** 2026-01-01 00:00 in Beijing. */
export const firstDay = Date.UTC(2025, 11, 31, 16) / 1000;
export const daySeconds = 86_400;

export async function loadRandomRoom(
  { load }: Pick<TestDatabase, 'load'>,
  random: SeededRandom,
  personCount: number,
): Promise<void> {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)]!;
  const people = Array.from({ length: personCount }, (_, person) => person);
  const some = (share: number) => people.filter(() => random.chance(share));
  const at = () => firstDay + random.below(59) * daySeconds + pick([0, 1, 40_000, 86_399]);
  const touches = people.flatMap((person) =>
    Array.from({ length: random.below(16) }, () => [
      person,
      at(),
      pick(['exposure', 'exposure', 'click', 'visit', 'undeclared']),
      pick([...randomShape.channels, 'undeclared']),
      pick([...randomShape.campaigns, null]),
      random.below(100),
    ]),
  );
  const orders = people.flatMap((person) =>
    Array.from({ length: random.below(4) }, (_, i) => [
      person,
      at(),
      pick(['order', 'order', 'order', 'refund']),
      random.below(2000),
      `o${person}.${i % 2}`,
    ]),
  );
  const numbered = (rows: readonly (readonly (string | number | null)[])[], mark: string) =>
    // Some are delivered twice.
    rows.map((row, i) => [...row, `${mark}${random.chance(0.1) ? Math.max(i - 1, 0) : i}`]);
  const event = { person: 'UINTEGER', at: 'BIGINT', kind: 'VARCHAR' };
  await load(
    'touches',
    { ...event, channel: 'VARCHAR', campaign: 'VARCHAR', cost: 'BIGINT', event_id: 'VARCHAR' },
    numbered(touches, 't'),
  );
  await load('orders', { ...event, value: 'BIGINT', order_ref: 'VARCHAR', event_id: 'VARCHAR' }, numbered(orders, 'e'));
  await load(
    'users',
    { person: 'UINTEGER', grp: 'VARCHAR', age: 'BIGINT' },
    some(0.8).map((person) => [person, pick([...randomShape.groups, null]), pick([random.below(100), null])]),
  );
  await load(
    'customers',
    { person: 'UINTEGER', tier: 'VARCHAR' },
    some(0.8).map((person) => [person, pick([...randomShape.tiers, 'undeclared'])]),
  );
  for (const list of ['vip', 'staff'])
    await load(
      list,
      { person: 'UINTEGER' },
      some(0.4).map((person) => [person]),
    );
}
