import type { Rule } from '@causeway/core/applications/select';
import { describe, expect, it } from 'vitest';
import {
  changed,
  groupOf,
  namesEvents,
  newCondition,
  newEvent,
  newGroup,
  newPlace,
  ruleOf,
  type TagDraft,
} from './rule-draft.ts';

const city = (...values: string[]): TagDraft => ({ ...newCondition(), tag: 'city', values });
const age = (from?: number, to?: number): TagDraft => ({
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

  it('is made of events by how often and how long ago, of circles, and of lists', () => {
    const often = { ...newEvent('click'), withinDays: 7, times: { from: 2, to: 5 }, lastDaysAgo: { to: 3 } };
    expect(ruleOf(often)).toEqual({
      event: { kind: 'click', withinDays: 7, times: { from: 2, to: 5 }, lastDaysAgo: { to: 3 } },
    });
    const worth = { currency: 'CNY', from: 50_000 };
    expect(ruleOf({ ...newEvent('order'), value: worth })).toMatchObject({ event: { value: worth } });
    // Clicks have no value: what was written for orders stays out.
    expect(ruleOf({ ...newEvent('click'), value: worth })).not.toHaveProperty('event.value');
    expect(ruleOf({ ...newEvent('order'), times: {}, channels: ['feed'] })).toEqual({
      event: { kind: 'order', withinDays: 30, channels: ['feed'] },
    });
    const shop = { latitude: 31.23, longitude: 121.47 };
    const near = { ...newPlace('home', 5_000), of: [shop] };
    expect(ruleOf(near)).toBeUndefined();
    expect(ruleOf({ ...near, system: 'gcj02' })).toEqual({
      ...{ place: 'home', withinMetres: 5_000, of: [shop], system: 'gcj02' },
    });
  });

  it('is read from a rule and says the same again', () => {
    const rule: Rule = {
      all: [
        {
          not: {
            any: [
              { tag: 'age', from: 20 },
              { tag: 'city', in: ['north'] },
            ],
          },
        },
        { event: { kind: 'exposure', withinDays: 90, times: { from: 0 } } },
        { event: { kind: 'order', withinDays: 9, times: { from: 1 }, value: { currency: 'CNY', from: 5 } } },
        { not: { not: { audience: 'staff' } } },
        { place: 'home', withinMetres: 1_000, of: [{ latitude: 1, longitude: 2 }], system: 'wgs84' },
      ],
    };
    expect(ruleOf(groupOf(rule))).toEqual(rule);
    expect([namesEvents(rule), namesEvents({ not: { audience: 'staff' } })]).toEqual([true, false]);
  });
});
