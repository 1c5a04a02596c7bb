import { describe, expect, it } from 'vitest';
import { addRequest, type FileReport, proposedChoices, proposedName } from './column-choice.ts';

const file: FileReport = {
  path: '/data/crm.csv',
  bytes: 10,
  container: 'none',
  format: 'csv',
  rowsAbout: 2,
  columns: [
    { name: 'phone', form: '99999999999', profile: 'phone', grade: 'personal', notices: [] },
    { name: 'city', form: 'aaaa', notices: [] },
  ],
  firstRows: [],
  notices: [],
};

describe('the columns of a file', () => {
  it('are identifiers where the node recognised them, and otherwise left out', () => {
    expect(proposedChoices(file).map(({ column, use }) => [column, use])).toEqual([
      ['phone', 'identifier'],
      ['city', 'nothing'],
    ]);
  });

  it('are asked for as they were chosen', () => {
    const [phone, city] = proposedChoices(file);
    expect(addRequest(file, 'crm', [phone!, { ...city!, use: 'attribute', grade: 'public' }])).toEqual({
      path: '/data/crm.csv',
      name: 'crm',
      ids: [{ column: 'phone', profile: 'phone' }],
      attributes: [{ column: 'city', grade: 'public' }],
    });
  });

  it('cannot be taken in without a complete identifier', () => {
    const [phone, city] = proposedChoices(file);
    expect(addRequest(file, 'crm', [{ ...phone!, use: 'nothing' }, city!])).toBeUndefined();
    expect(addRequest(file, 'crm', [{ ...phone!, profile: ' ' }, city!])).toBeUndefined();
  });
});

describe('the name of a dataset', () => {
  it.each([
    ['/data/crm.csv', 'crm'],
    ['C:\\data\\crm 2026.xlsx', 'crm 2026'],
    ['/data/a.b.csv', 'a.b'],
    ['/data/plain', 'plain'],
  ])('%s is %s', (path, name) => expect(proposedName(path)).toBe(name));
});
