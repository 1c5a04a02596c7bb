import { describe, expect, it } from 'vitest';
import { figuresIn } from './figures.ts';
import { namedBy, saidWith } from './said-with.ts';

const names = new Map([
  ['aurora', 'Aurora Motors'],
  ['aurora-media', 'Aurora Media'],
  ['borealis', '北极光'],
]);
const said = (text: string, organisations = [...names.keys()]) =>
  saidWith(text, { names, organisations }, figuresIn('en-GB', 'UTC'));

describe('a sentence about organisations', () => {
  it.each([
    ['aurora learns the size of borealis', 'Aurora Motors learns the size of 北极光'],
    ["aurora's list, and that of aurora-media.", "Aurora Motors's list, and that of Aurora Media."],
    ['aurora与borealis各自得知', 'Aurora Motors与北极光各自得知'],
    ['auroral lights; superborealis; borealis-2', 'auroral lights; superborealis; borealis-2'],
  ])('%s', (text, expected) => expect(said(text)).toBe(expected));

  it('takes names as they are, whatever stands in them', () => {
    const strange = new Map([['aurora', 'Aurora $& Motors']]);
    const named = namedBy(strange, figuresIn('en-GB', 'UTC'));
    expect(named.said('to aurora’s', ['aurora'])).toBe('to Aurora $& Motors’s');
    expect([named.nameOf('aurora'), named.nameOf('borealis')]).toEqual(['Aurora $& Motors', 'borealis']);
  });

  it('keeps the ids of those that it is not about', () => {
    expect(said('aurora and borealis', ['borealis'])).toBe('aurora and 北极光');
    expect(said('cinema', ['cinema'])).toBe('cinema');
  });

  it.each([
    ['at least 10000 identifiers, 1000 rows', 'at least 10,000 identifiers, 1000 rows'],
    ['at most 1000000.', 'at most 1,000,000.'],
    ['until 2026-11-26T08:00:00Z, job-123456, 12345.5 MB', 'until 2026-11-26T08:00:00Z, job-123456, 12345.5 MB'],
  ])('groups long numbers that stand by themselves: %s', (text, expected) => expect(said(text)).toBe(expected));
});
