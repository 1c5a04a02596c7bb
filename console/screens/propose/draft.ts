/**
 * A proposal as it is being made: the very request that will be sent, some of it still empty. What is missing is what the API's own schema says is missing,
 * so that the page and the node never disagree about what is complete.
 */

import { check, type FieldProblem, type RequestOf, type ResponseOf, routes } from '@causeway/core/api';
import type { Step } from './step-choice.ts';

type Proposal<Name extends keyof typeof routeOf> = Omit<RequestOf<(typeof routeOf)[Name]>, 'dryRun' | 'expiresAt'>;

export const routeOf = {
  match: 'agreement.proposeMatch',
  insight: 'agreement.proposeInsight',
  room: 'agreement.proposeRoom',
  deliver: 'agreement.proposeDelivery',
  activate: 'agreement.proposeActivation',
} as const;

export type Operation = keyof typeof routeOf;
export const operations = Object.keys(routeOf) as readonly Operation[];

export type MatchDraft = Draft<'match'>;
export type InsightDraft = Draft<'insight'>;
export type RoomDraft = Draft<'room'>;
export type DeliverDraft = Draft<'deliver'>;
export type ActivateDraft = Draft<'activate'>;

export interface Draft<Name extends Operation = Operation> {
  readonly operation: Name;
  /** How long the agreement is to last. */
  readonly days: number;
  readonly proposal: Proposal<Name>;
}

export type AnyDraft = MatchDraft | InsightDraft | RoomDraft | DeliverDraft | ActivateDraft;
export type Template = ResponseOf<'template.list'>['items'][number];

/** How long an activation lasts at most, by the standards (`activateDaysMax`), and where nothing else is chosen: two clocks are never one. */
export const activationDays = {
  pair: { proposed: 29, most: 30 },
  opja: { proposed: 90, most: 180 },
} as const;

/** For how many days an agreement may be proposed. */
export function daysMaxOf(draft: AnyDraft): number {
  switch (draft.operation) {
    case 'room':
      return 30;
    case 'activate':
      return activationDays[draft.proposal.form.kind].most;
    default:
      return 366;
  }
}

/** A proposal with nothing chosen, and with defaults that protect. @param self this organisation. */
export function emptyDraft(operation: Operation, self: string): AnyDraft {
  const limits = { purpose: '', uses: 1 };
  switch (operation) {
    case 'match':
      return {
        operation,
        days: 30,
        proposal: { with: '', mine: '', theirs: '', keys: [], receiver: 'me', ...limits },
      };
    case 'insight':
      return {
        operation,
        days: 30,
        proposal: {
          ...{ with: '', mine: '', theirs: '', key: '', receiver: 'me', tables: [], columns: [] },
          protection: { kind: 'noise', rho: 5000, gate: true },
          ...limits,
        },
      };
    case 'room':
      return {
        operation,
        days: 7,
        proposal: {
          ...{ room: '', contributors: [], keys: [], receivers: [self], questionPurpose: 'measurement' },
          rules: { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, tables: [] },
          ...{ budgetRho: 100_000, exactGuard: 'strict' },
          ...limits,
        },
      };
    case 'deliver':
      return { operation, days: 30, proposal: { job: '', from: 'them', columns: [], ...limits } };
    case 'activate':
      return {
        operation,
        days: activationDays.pair.proposed,
        proposal: {
          ...{ with: '', mine: '', theirs: '', key: '', advertiser: 'me', form: { kind: 'pair' } },
          ...limits,
        },
      };
  }
}

/** What is sent. @param nowMs when it is. */
export function requestOf({ proposal, days }: AnyDraft, nowMs: number) {
  return {
    ...proposal,
    purpose: proposal.purpose.trim(),
    expiresAt: new Date(nowMs + days * 86_400_000).toISOString(),
  };
}

/** What keeps a draft from being sent, by field (RFC 6901). */
export function problemsOf(draft: AnyDraft): readonly FieldProblem[] {
  const checked = check(routes[routeOf[draft.operation]].body, requestOf(draft, 0));
  return checked.ok ? [] : checked.problems;
}

/** The fields that are chosen in the first step; those of {@link limitFields} in the third; the others in the second. */
const whoFields: Readonly<Record<Operation, readonly string[]>> = {
  match: ['with', 'mine', 'theirs', 'keys'],
  insight: ['with', 'mine', 'theirs', 'key'],
  room: ['room', 'contributors', 'keys', 'rules'],
  deliver: ['job', 'from', 'columns'],
  activate: ['with', 'mine', 'theirs', 'key'],
};
const limitFields: readonly string[] = ['purpose', 'uses', 'expiresAt', 'minimumListRows', 'minimumGroupRows'];

/** @returns the first step in which something is missing; the preview where nothing is. */
export function firstOpenStep(draft: AnyDraft): Step {
  const fields = problemsOf(draft).map(({ pointer }) => pointer.split('/')[1] ?? '');
  const isOpen: Readonly<Record<Exclude<Step, 'preview'>, (field: string) => boolean>> = {
    who: (field) => whoFields[draft.operation].includes(field),
    limits: (field) => limitFields.includes(field),
    terms: (field) => !whoFields[draft.operation].includes(field) && !limitFields.includes(field),
  };
  return (['who', 'terms', 'limits'] as const).find((step) => fields.some(isOpen[step])) ?? 'preview';
}

/** A draft that is as a template says; who keeps templates and what they are called is no part of it. */
export function draftOf({ days, proposal: { operation, ...proposal } }: Template): AnyDraft {
  return { operation, days, proposal } as unknown as AnyDraft;
}

/** What a template of a draft holds. */
export function templateOf(draft: AnyDraft, name: string): RequestOf<'template.save'> {
  const { days, operation, proposal } = draft;
  return { name, days, proposal: { ...proposal, operation } } as RequestOf<'template.save'>;
}
