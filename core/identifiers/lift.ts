/**
 * Lifting: the steps from one profile's canonical text to another's. A step never guesses: it takes away what the other
 * form does not have, or adds what is known, or digests.
 */
import { sqlString } from '../sql/index.ts';
import { digestText } from './digest.ts';
import { applyMailboxRule } from './normalise.ts';
import type { DigestName, IdForm, IdProfile, IdType } from './profile.ts';
import { IdentifierError } from './reasons.ts';
import { mailboxRuleOf } from './rules/email.ts';
import { mailboxSql } from './sql.ts';

export type LiftStep =
  | { readonly kind: 'form'; readonly from: IdForm; readonly to: IdForm }
  | { readonly kind: 'digest'; readonly digest: DigestName };

/** Steps in order; none where the two are the same. */
export type Lift = readonly LiftStep[];

/** The forms that a plain form can be brought to; `partial` where some values have no such form and fall out. */
const reachable: Partial<Record<IdType, Partial<Record<IdForm, Partial<Record<IdForm, 'total' | 'partial'>>>>>> = {
  email: { plain: { uid2: 'total', google: 'total', tiktok: 'total' } },
  // A number of another country has no 11-digit Chinese form.
  phone: { cn: { e164: 'total', digits: 'total' }, e164: { digits: 'total', cn: 'partial' } },
  idfa: { plain: { lower: 'total' }, lower: { plain: 'total' } },
};

/**
 * @param to the profile aimed at; for `phone:digits` in plain text too, which no column has but a lift may pass.
 * @returns the steps, or null where there is no way: another type, namespace or version, a digest to undo, a form that
 *   cannot be reached.
 */
export function lift(from: IdProfile, to: IdProfile): Lift | null {
  if (from.type !== to.type || from.namespace !== to.namespace || from.version !== to.version) return null;
  if (!from.digests.every((digest, i) => digest === to.digests[i])) return null;
  const digests = to.digests.slice(from.digests.length).map((digest) => ({ kind: 'digest', digest }) as const);
  if (from.form === to.form) return digests;
  if (from.digests.length > 0 || reachable[from.type]?.[from.form]?.[to.form] === undefined) return null;
  return [{ kind: 'form', from: from.form, to: to.form }, ...digests];
}

/** Whether some values have no counterpart: numbers of other countries under an 11-digit form. */
export function losesValues(type: IdType, steps: Lift): boolean {
  return steps.some((step) => step.kind === 'form' && reachable[type]?.[step.from]?.[step.to] === 'partial');
}

/** @returns the lifted text, or null where this value has no counterpart in the other form. */
export function liftText(steps: Lift, value: string): string | null {
  let current: string | null = value;
  for (const step of steps) {
    if (current === null) return null;
    current = step.kind === 'digest' ? digestText([step.digest], current) : formText(step, current);
  }
  return current;
}

/**
 * The lift as a DuckDB expression: VARCHAR to VARCHAR, NULL to NULL.
 * SM3 is not among DuckDB's functions: register `sqlFunctions` before a lift that has it.
 * @param column an SQL expression that holds values of the profile lifted from.
 */
export function liftSql(steps: Lift, column: string): string {
  let current = column;
  for (const step of steps) current = step.kind === 'digest' ? digestSql(step.digest, current) : formSql(step, current);
  return current;
}

/** Scalar functions, text to text, that the SQL of a lift may call and the host registers. */
export const sqlFunctions: readonly { readonly name: string; readonly apply: (text: string) => string }[] = [
  { name: 'causeway_sm3', apply: (text) => digestText(['sm3'], text) },
];

function digestSql(digest: DigestName, text: string): string {
  return digest === 'sm3' ? `causeway_sm3(${text})` : `${digest}(${text})`;
}

type FormStep = Extract<LiftStep, { kind: 'form' }>;

const chineseMobile = '^\\+86(1[3-9][0-9]{9})$';

function formText({ from, to }: FormStep, value: string): string | null {
  switch (`${from} ${to}`) {
    case 'cn e164':
      return `+86${value}`;
    case 'cn digits':
      return `86${value}`;
    case 'e164 digits':
      return value.slice(1);
    case 'e164 cn':
      return new RegExp(chineseMobile, 'u').exec(value)?.[1] ?? null;
    case 'plain lower':
      return value.toLowerCase();
    case 'lower plain':
      return value.toUpperCase();
    default: {
      const address = applyMailboxRule(mailbox(to), value);
      return address.startsWith('@') ? null : address;
    }
  }
}

function formSql({ from, to }: FormStep, text: string): string {
  switch (`${from} ${to}`) {
    case 'cn e164':
      return `('+86' || ${text})`;
    case 'cn digits':
      return `('86' || ${text})`;
    case 'e164 digits':
      return `substr(${text}, 2)`;
    case 'e164 cn':
      return `nullif(regexp_extract(${text}, ${sqlString(chineseMobile)}, 1), '')`;
    case 'plain lower':
      return `lower(${text})`;
    case 'lower plain':
      return `upper(${text})`;
    default:
      return `nullif(regexp_extract(${mailboxSql(mailbox(to), text)}, '^[^@]+@[^@]+$'), '')`;
  }
}

function mailbox(form: IdForm) {
  const rule = mailboxRuleOf(form);
  if (rule === undefined) throw new IdentifierError('no-lift', `no rule leads to the form ${form}`);
  return rule;
}
