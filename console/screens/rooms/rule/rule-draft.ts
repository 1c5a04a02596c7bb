/** A rule while somebody writes it: groups within groups, conditions that are not finished yet. */

import { type EventCondition, type Rule, valuedKinds } from '@causeway/core/applications/select';
import type { CoordinateSystem, Position } from '@causeway/core/geo';

export type Draft = GroupDraft | ConditionDraft;
export type ConditionDraft = TagDraft | EventDraft | PlaceDraft | ListDraft;

interface Part {
  readonly id: number;
  readonly isNot: boolean;
}

export interface GroupDraft extends Part {
  readonly kind: 'group';
  /** All of its parts, or any of them. */
  readonly join: 'all' | 'any';
  readonly parts: readonly Draft[];
}

export interface TagDraft extends Part {
  readonly kind: 'tag';
  /** Absent until one is chosen. */
  readonly tag?: string;
  /** Of a category. */
  readonly values: readonly string[];
  /** Of a number, both included. */
  readonly from?: number;
  readonly to?: number;
}

export interface EventDraft extends Part {
  readonly kind: 'event';
  readonly event: EventCondition['kind'];
  /** Of all where none is named. */
  readonly channels: readonly string[];
  readonly campaigns: readonly string[];
  readonly withinDays: number;
  readonly times: Bounds;
  readonly lastDaysAgo: Bounds;
  /** What they come to, in the smallest unit of the currency. */
  readonly value: Bounds & { readonly currency?: string };
}

export interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

export interface PlaceDraft extends Part {
  readonly kind: 'place';
  readonly place?: string;
  readonly withinMetres: number;
  readonly of: readonly Position[];
  /** What the points mean: nothing in them tells, so whoever brings them says it. */
  readonly system?: CoordinateSystem;
}

export interface ListDraft extends Part {
  readonly kind: 'list';
  readonly list?: string;
}

/** A month looks back far enough for most questions. */
const withinDays = 30;

let lastId = 0;

export function newGroup(parts: readonly Draft[] = []): GroupDraft {
  return { id: ++lastId, kind: 'group', join: 'all', isNot: false, parts };
}

export function newCondition(): TagDraft {
  return { id: ++lastId, kind: 'tag', isNot: false, values: [] };
}

export function newEvent(event: EventCondition['kind']): EventDraft {
  const often = { withinDays, times: { from: 1 }, lastDaysAgo: {}, value: {} };
  return { id: ++lastId, kind: 'event', isNot: false, event, channels: [], campaigns: [], ...often };
}

/** @param radius metres: as small as the places' owner lets a circle be. */
export function newPlace(place: string | undefined, radius: number): PlaceDraft {
  const drawn = { withinMetres: radius, of: [] };
  return { id: ++lastId, kind: 'place', isNot: false, ...(place === undefined ? {} : { place }), ...drawn };
}

export function newList(): ListDraft {
  return { id: ++lastId, kind: 'list', isNot: false };
}

/** @returns the rule; undefined while a condition is unfinished or a group is empty. */
export function ruleOf(draft: Draft): Rule | undefined {
  const rule = draft.kind === 'group' ? groupRule(draft) : conditionRule(draft);
  if (rule === undefined) return undefined;
  return draft.isNot ? { not: rule } : rule;
}

function groupRule({ join, parts }: GroupDraft): Rule | undefined {
  const rules = parts.map(ruleOf);
  const whole = rules.filter((rule) => rule !== undefined);
  if (whole.length === 0 || whole.length < rules.length) return undefined;
  if (whole.length === 1) return whole[0];
  return join === 'all' ? { all: whole } : { any: whole };
}

function conditionRule(draft: ConditionDraft): Rule | undefined {
  switch (draft.kind) {
    case 'tag':
      return tagRule(draft);
    case 'event':
      return { event: eventOf(draft) };
    case 'place': {
      const { place, withinMetres, of, system } = draft;
      if (place === undefined || system === undefined || of.length === 0) return undefined;
      return { place, withinMetres, of, system };
    }
    case 'list':
      return draft.list === undefined ? undefined : { audience: draft.list };
  }
}

function tagRule({ tag, values, from, to }: TagDraft): Rule | undefined {
  if (tag === undefined) return undefined;
  if (values.length > 0) return { tag, in: [...values] };
  if (from === undefined && to === undefined) return undefined;
  return { tag, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function eventOf(draft: EventDraft): EventCondition {
  const { event, channels, campaigns, withinDays, times, lastDaysAgo, value } = draft;
  const { currency, ...worth } = value;
  const isWorth = !isOpen(worth) && valuedKinds.includes(event);
  return {
    kind: event,
    ...(channels.length === 0 ? {} : { channels }),
    ...(campaigns.length === 0 ? {} : { campaigns }),
    withinDays,
    ...(isOpen(times) ? {} : { times }),
    ...(isOpen(lastDaysAgo) ? {} : { lastDaysAgo }),
    ...(currency === undefined || !isWorth ? {} : { value: { currency, ...worth } }),
  };
}

function isOpen({ from, to }: Bounds): boolean {
  return from === undefined && to === undefined;
}

/** The draft of a rule that there is: what {@link ruleOf} makes of it says the same. */
export function draftOf(rule: Rule): Draft {
  if ('not' in rule) {
    const inner = draftOf(rule.not);
    return inner.isNot ? { ...newGroup([inner]), isNot: true } : { ...inner, isNot: true };
  }
  if ('all' in rule) return newGroup(rule.all.map(draftOf));
  if ('any' in rule) return { ...newGroup(rule.any.map(draftOf)), join: 'any' };
  if ('event' in rule) {
    const { kind, channels = [], campaigns = [], times, lastDaysAgo = {}, value = {}, ...rest } = rule.event;
    return { ...newEvent(kind), channels, campaigns, times: times ?? { from: 1 }, lastDaysAgo, value, ...rest };
  }
  if ('place' in rule) return { ...newPlace(rule.place, rule.withinMetres), of: rule.of, system: rule.system };
  if ('audience' in rule) return { ...newList(), list: rule.audience };
  if ('in' in rule) return { ...newCondition(), tag: rule.tag, values: rule.in };
  return { ...newCondition(), ...rule };
}

/** A whole rule as the outermost group of an editor. */
export function groupOf(rule: Rule): GroupDraft {
  const draft = draftOf(rule);
  return draft.kind === 'group' ? draft : newGroup([draft]);
}

/** Whether any part of it is about events. */
export function namesEvents(rule: Rule): boolean {
  if ('all' in rule) return rule.all.some(namesEvents);
  if ('any' in rule) return rule.any.some(namesEvents);
  return 'not' in rule ? namesEvents(rule.not) : 'event' in rule;
}

/** @returns the tree with the part of that id changed, or without it where `change` gives nothing. */
export function changed(tree: GroupDraft, id: number, change: (part: Draft) => Draft | undefined): GroupDraft {
  const parts = tree.parts.flatMap((part): readonly Draft[] => {
    if (part.id === id) return [change(part) ?? []].flat();
    return [part.kind === 'group' ? changed(part, id, change) : part];
  });
  const inside: GroupDraft = { ...tree, parts };
  if (tree.id !== id) return inside;
  const itself = change(inside);
  // The outermost group stays: an empty one is where everything begins.
  return itself?.kind === 'group' ? itself : inside;
}
