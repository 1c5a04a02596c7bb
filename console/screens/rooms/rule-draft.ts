/** A rule while somebody writes it: groups within groups, conditions that are not finished yet. */
import type { Rule } from '@causeway/core/applications/select';

export type Draft = GroupDraft | ConditionDraft;

export interface GroupDraft {
  readonly id: number;
  readonly kind: 'group';
  /** All of its parts, or any of them. */
  readonly join: 'all' | 'any';
  readonly isNot: boolean;
  readonly parts: readonly Draft[];
}

export interface ConditionDraft {
  readonly id: number;
  readonly kind: 'condition';
  readonly isNot: boolean;
  /** Absent until one is chosen. */
  readonly tag?: string;
  /** Of a category. */
  readonly values: readonly string[];
  /** Of a number, both included. */
  readonly from?: number;
  readonly to?: number;
}

let lastId = 0;

export function newGroup(parts: readonly Draft[] = []): GroupDraft {
  return { id: ++lastId, kind: 'group', join: 'all', isNot: false, parts };
}

export function newCondition(): ConditionDraft {
  return { id: ++lastId, kind: 'condition', isNot: false, values: [] };
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

function conditionRule({ tag, values, from, to }: ConditionDraft): Rule | undefined {
  if (tag === undefined) return undefined;
  if (values.length > 0) return { tag, in: [...values] };
  if (from === undefined && to === undefined) return undefined;
  return { tag, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
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
