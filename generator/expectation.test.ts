import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Expectation, emptyRows, type PersonRows } from './expectation.ts';
import { joinFiles } from './testing/plain-join.ts';

/** One person's rows: phone values 0 … 2 and e-mail values 0 … 4, as the files have them. */
const row = fc.record({ phone: fc.integer({ min: 0, max: 2 }), email: fc.integer({ min: 0, max: 4 }) });
const person = fc.record({ crm: fc.array(row, { maxLength: 2 }), users: fc.array(row, { maxLength: 2 }) });

describe('what is expected of a match', () => {
  it('counted person by person, is what a join of whole files finds, whatever the rows are', () => {
    fc.assert(
      fc.property(fc.array(person, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (people, shuffle) => {
        const crm = shuffled(
          people.flatMap(({ crm }, p) => crm.map((values) => ({ person: p, ...values }))),
          shuffle,
        );
        const users = shuffled(
          people.flatMap(({ users }, p) => users.map((values) => ({ person: p, ...values }))),
          shuffle,
        );
        const expectation = new Expectation({ plain: true });
        for (const p of people.keys()) expectation.add(rowsOf(crm, p), rowsOf(users, p));
        const cells = (rows: readonly FileRow[]) =>
          rows.map((r) => ({
            person: r.person,
            phone: r.phone === 0 ? null : `${r.person}/${r.phone}`,
            email: r.email === 0 ? null : mailbox(r.person, r.email),
          }));
        expect(expectation.result).toEqual(joinFiles(cells(crm), cells(users), { uid2: true }));
      }),
      { numRuns: 500 },
    );
  });

  it('has no figure under UID2’s rule where only digests are given', () => {
    expect(new Expectation({ plain: false }).result['email:uid2']).toBeNull();
  });
});

interface FileRow {
  readonly person: number;
  readonly phone: number;
  readonly email: number;
}

function mailbox(p: number, value: number): string {
  return ['', `a${p}@gmail.com`, `a.${p}@gmail.com`, `a${p}+shop@gmail.com`, `a${p}@sohu.com`][value]!;
}

function rowsOf(file: readonly FileRow[], p: number): PersonRows {
  const rows = emptyRows();
  for (const [at, r] of file.entries()) {
    if (r.person !== p) continue;
    rows.row[rows.count] = at;
    rows.phone[rows.count] = r.phone;
    rows.email[rows.count] = r.email;
    rows.count++;
  }
  return rows;
}

function shuffled<T>(items: readonly T[], random: fc.Stream<number>): T[] {
  const keys = [...random.take(items.length)];
  return items
    .map((item, i) => ({ item, key: keys[i]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
