import type { z } from 'zod';
import { jsonPointer } from '../json/index.ts';

/** A field that is not as the schema says. */
export interface FieldProblem {
  /** RFC 6901, from the root of what was checked. */
  readonly pointer: string;
  readonly detail: string;
}

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks a value against a schema. The answer names fields and what was expected, never what they held. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap(problemsOf).slice(0, 10) };
}

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: jsonPointer([...issue.path, key]), detail: 'unknown field' }));
  }
  return [{ pointer: jsonPointer(issue.path), detail: issue.message }];
}
