/** What was asked of a room, from the text that is kept beside its answer: a report of an application, or a question in SQL. */
import type { ReportApplication } from '@causeway/core/applications/request';

export type Asked =
  | { readonly kind: ReportApplication; readonly request: Readonly<Record<string, unknown>> }
  | { readonly kind: 'question'; readonly statement: string };

const applications: Readonly<Record<ReportApplication, true>> = {
  overlap: true,
  insight: true,
  reach: true,
  lift: true,
  lifecycle: true,
  select: true,
  retarget: true,
  attribution: true,
  traffic: true,
};

export function askedOf(statement: string): Asked {
  try {
    const request: unknown = JSON.parse(statement);
    if (typeof request === 'object' && request !== null && 'application' in request) {
      const { application } = request;
      if (typeof application === 'string' && Object.hasOwn(applications, application)) {
        return { kind: application as ReportApplication, request: { ...request } };
      }
    }
  } catch {
    // No JSON: a question.
  }
  return { kind: 'question', statement };
}
