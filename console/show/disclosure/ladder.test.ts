import { describe, expect, it } from 'vitest';
import { type Disclosure, type Flow, ladderOf } from './ladder.ts';

const words = { en: 'w', zh: '词' };
const flow = (from: string, to: string, more: Partial<Flow> = {}): Flow => ({
  ...{ from, to, code: 'tags', words, readable: false, bytesAbout: 1000 },
  ...more,
});
const disclosure = (organisations: readonly string[], flows: readonly Flow[]): Disclosure => ({
  digest: '',
  parties: organisations.map((organisation) => ({ organisation, learns: [] })),
  flows,
  assumptions: [],
  words,
});

describe('the picture of a disclosure', () => {
  it('has an arrow for every flow, in the order of the statement', () => {
    const ladder = ladderOf(disclosure(['a', 'b'], [flow('a', 'b'), flow('b', 'a')]))!;
    expect(ladder.parties).toEqual(['a', 'b']);
    expect(ladder.arrows.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('shows a heavier flow heavier, by orders of magnitude, and one of no size lightest', () => {
    const sizes = [1e8, 1e6, 10];
    const { bytesAbout: _, ...unknown } = flow('a', 'b');
    const flows = [...sizes.map((bytesAbout) => flow('a', 'b', { bytesAbout })), unknown];
    expect(ladderOf(disclosure(['a', 'b'], flows))!.arrows.map(({ weight }) => weight)).toEqual([1, 0.5, 0, 0]);
  });

  it('has this organisation on the left, whoever proposed', () => {
    expect(ladderOf(disclosure(['a', 'b'], [flow('a', 'b')]), 'b')!.parties).toEqual(['b', 'a']);
  });

  it('puts whoever keeps a room to the right of all who bring rows', () => {
    const flows = [flow('a', 'room', { code: 'pseudonymous-rows' }), flow('b', 'room', { code: 'pseudonymous-rows' })];
    expect(ladderOf(disclosure(['room', 'a', 'b'], flows))!.parties).toEqual(['a', 'b', 'room']);
  });

  it('is left to a list where there would be too many lines', () => {
    const many = Array.from({ length: 15 }, () => flow('a', 'b'));
    expect(ladderOf(disclosure(['a', 'b'], many))).toBeUndefined();
    expect(ladderOf(disclosure(['a', 'b', 'c', 'd', 'e', 'f'], [flow('a', 'b')]))).toBeUndefined();
  });
});
