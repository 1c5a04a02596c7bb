import { entrySchema } from '@causeway/core/ledger';
import { expect, it } from 'vitest';
import { figuresIn } from '../../show/figures.ts';
import { en } from '../../words/en/index.ts';
import { entryBlanks, sentenceOf } from './entry-words.ts';

const figures = figuresIn('en-GB', 'UTC');
const types = entrySchema.options.map((option) => (option as { shape: { type: { value: string } } }).shape.type.value);

it('every type of entry has a sentence, and every blank of it is filled in by some entry', () => {
  expect(types.length).toBeGreaterThan(20);
  const blanks = Object.keys(entryBlanks({ author: 'a', body: {} }, figures));
  for (const type of types) {
    const key = sentenceOf({ type, body: {} });
    expect([type, key === undefined]).toEqual([type, false]);
    for (const [, blank] of en.ledger.entries[key!].matchAll(/\{\{(\w+)\}\}/g)) expect(blanks).toContain(blank);
  }
});

it('an agreement with a guest is told as one, a description with values as one with them, and a type of a later version by its name alone', () => {
  expect(sentenceOf({ type: 'agreement.proposed', body: { guest: {} } })).toBe('agreementWithGuest');
  expect(sentenceOf({ type: 'agreement.proposed', body: {} })).toBe('agreementProposed');
  const attributes = [{ column: 'tier' }, { column: 'city', values: ['Beijing'] }];
  expect(sentenceOf({ type: 'dataset.published', body: { description: { attributes } } })).toBe('datasetWithValues');
  expect(entryBlanks({ body: { description: { attributes } } }, figures).columns).toBe('city');
  expect(sentenceOf({ type: 'dataset.published', body: { description: { attributes: [{ column: 'tier' }] } } })).toBe(
    'datasetPublished',
  );
  expect(sentenceOf({ type: 'moon.landed' })).toBeUndefined();
});

it('what an entry says stands in its sentence, digests by their first digits', () => {
  const body = { agreement: 'ab'.repeat(32), parties: ['aurora', 'beacon'], description: { rowsAbout: 12_000 } };
  expect(entryBlanks({ author: 'aurora', body }, figures)).toMatchObject({
    agreement: 'abababababab',
    parties: 'aurora, beacon',
    rows: '12,000',
  });
});
