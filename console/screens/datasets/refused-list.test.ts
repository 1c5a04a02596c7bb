import { describe, expect, it } from 'vitest';
import { allRefused, refusedCsv } from './refused-list.ts';

const notices = [{ code: 'placeholder', words: { en: 'a placeholder', zh: '占位值' }, rows: 2, firstRows: [4] }];

describe('the list of refused rows', () => {
  it('is all pages, in order', async () => {
    const pages = [
      { items: [{ row: 1, column: 'a', code: 'x' }], next: '1' },
      { items: [{ row: 2, column: 'a', code: 'x' }] },
    ];
    const asked: unknown[] = [];
    const items = await allRefused('crm', async (request) => {
      asked.push(request.after);
      return pages.shift()!;
    });
    expect(items.map(({ row }) => row)).toEqual([1, 2]);
    expect(asked).toEqual([undefined, '1']);
  });

  it('[F14] says each row of a column with its reason, and opens as text whatever the column is called', () => {
    const column = '=cmd|calc!A1';
    const items = [
      { row: 4, column, code: 'placeholder' },
      { row: 5, column: 'other', code: 'placeholder' },
      { row: 9, column, code: 'new-reason' },
    ];
    expect(refusedCsv(items, column, notices).split('\r\n').slice(1, -1)).toEqual([
      `4,'=cmd|calc!A1,placeholder,a placeholder,占位值`,
      `9,'=cmd|calc!A1,new-reason,new-reason,new-reason`,
    ]);
  });
});
