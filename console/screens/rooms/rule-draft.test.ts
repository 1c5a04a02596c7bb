import { describe, expect, it } from 'vitest';
import { type ConditionDraft, changed, newCondition, newGroup, ruleOf } from './rule-draft.ts';

const city = (...values: string[]): ConditionDraft => ({ ...newCondition(), tag: 'city', values });
const age = (from?: number, to?: number): ConditionDraft => ({
  ...newCondition(),
  tag: 'age',
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

describe('a rule that is being written', () => {
  it('is nested as its groups are: and, or, not', () => {
    const draft = newGroup([
      city('north', 'south'),
      { ...newGroup([age(20, 39), age(60)]), join: 'any', isNot: true },
      { ...city('east'), isNot: true },
    ]);
    expect(ruleOf(draft)).toEqual({
      all: [
        { tag: 'city', in: ['north', 'south'] },
        {
          not: {
            any: [
              { tag: 'age', from: 20, to: 39 },
              { tag: 'age', from: 60 },
            ],
          },
        },
        { not: { tag: 'city', in: ['east'] } },
      ],
    });
  });

  it('is none while anything in it is unfinished', () => {
    expect(ruleOf(newGroup())).toBeUndefined();
    expect(ruleOf(newGroup([newCondition()]))).toBeUndefined();
    expect(ruleOf(newGroup([city('north'), city()]))).toBeUndefined();
    expect(ruleOf(newGroup([city('north'), newGroup()]))).toBeUndefined();
    expect(ruleOf(newGroup([age()]))).toBeUndefined();
  });

  it('a group of one is what is in it', () => {
    expect(ruleOf(newGroup([newGroup([city('north')])]))).toEqual({ tag: 'city', in: ['north'] });
  });

  it('is changed in one place, however deep, or loses it; the outermost group stays', () => {
    const deep = city('north');
    const tree = newGroup([newGroup([deep]), city('south')]);
    const other = changed(tree, deep.id, (part) => ({ ...part, isNot: true }));
    expect(ruleOf(other)).toEqual({ all: [{ not: { tag: 'city', in: ['north'] } }, { tag: 'city', in: ['south'] }] });
    const less = changed(tree, tree.parts[0]!.id, () => undefined);
    expect(ruleOf(less)).toEqual({ tag: 'city', in: ['south'] });
    expect(changed(tree, tree.id, () => undefined).parts).toHaveLength(2);
    expect(changed(tree, tree.id, (part) => ({ ...part, isNot: true })).isNot).toBe(true);
  });
});
