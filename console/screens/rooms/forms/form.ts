/** What of a report a person may choose: the parts of its request, by their place in it. A form is data; the screen draws each kind of field once. */
import type { ReportApplication } from '@causeway/core/applications/request';
import type { en } from '../../../words/en/index.ts';
import type { TableRules } from '../room-tables.ts';

export type Offered = Extract<
  ReportApplication,
  'overlap' | 'insight' | 'reach' | 'attribution' | 'lift' | 'lifecycle' | 'retarget' | 'traffic'
>;
export type Request = Readonly<Record<string, unknown>>;
/** Names from the outside to the inside. */
export type Path = readonly string[];
export type FieldWord = keyof typeof en.reports.fields;

export type Field = {
  readonly path: Path;
  readonly word: FieldWord;
  /** May be absent from the request. */
  readonly isOptional?: true;
  /** Has a default that suits most: shown among further settings. */
  readonly isFurther?: true;
} & FieldKind;

type FieldKind =
  | { readonly kind: 'many'; readonly options: readonly string[]; readonly most?: number; readonly mayBeEmpty?: true }
  | { readonly kind: 'one'; readonly options: readonly string[] }
  /** One, in a list that has no other. */
  | { readonly kind: 'only'; readonly options: readonly string[] }
  /** Two of these, in no order, as often as wanted. */
  | { readonly kind: 'pairs'; readonly of: readonly string[] }
  /** From an instant until another, in Unix seconds. */
  | { readonly kind: 'period'; readonly zone: string }
  /** One instant: the beginning of a day. */
  | { readonly kind: 'date'; readonly zone: string }
  /** A published list of crawlers, as it is read from a file or pasted. */
  | { readonly kind: 'crawlers' }
  /** Instants in ascending order. */
  | { readonly kind: 'dates'; readonly zone: string; readonly most: number }
  /** @param each how much in the request one of what is shown is: 86,400 for seconds that are shown as days. */
  | {
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
      readonly each?: number;
      readonly unit?: 'days' | 'hours' | 'percent' | 'money';
      readonly currency?: string;
      /** What holds where the part is absent, as it is shown. */
      readonly otherwise?: number;
    }
  | { readonly kind: 'flag' }
  /** Some people: a table, or those of it with some values. */
  | { readonly kind: 'people'; readonly tables: readonly TableRules[] }
  /** A name in both languages. */
  | { readonly kind: 'name' }
  /** Stages of one's own in the place of a model that is known. */
  | { readonly kind: 'stages'; readonly options: readonly string[] }
  /** What was paid for what bears these names, in the smallest unit of the currency. */
  | { readonly kind: 'costs'; readonly units: readonly Unit[]; readonly currency: string; readonly digits: number };

export interface Unit {
  readonly dimension: string;
  readonly unit: string;
}

export interface RequestForm {
  readonly application: Offered;
  /** A request that can be asked as it is. */
  readonly request: Request;
  /** @param request as it is now: some fields follow from others. */
  readonly fields: (request: Request) => readonly Field[];
  /** Whether there is nothing that two parts of the request say differently; absent where nothing can. @returns the request without such. */
  readonly settled?: (request: Request) => Request;
}

export function partOf(request: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, name) =>
      typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[name] : undefined,
    request,
  );
}

/** @param value undefined takes the part out, and with it what would be left empty around it. */
export function withPart(request: Request, [name, ...inner]: Path, value: unknown): Request {
  if (name === undefined) return request;
  const { [name]: old, ...rest } = request;
  const changed = inner.length === 0 ? value : withPart((old ?? {}) as Request, inner, value);
  const isEmpty = changed === undefined || (inner.length > 0 && Object.keys(changed as object).length === 0);
  return isEmpty ? rest : { ...request, [name]: changed };
}

/** Whether every part that has to be chosen is. */
export function isWhole(form: RequestForm, request: Request): boolean {
  return form.fields(request).every((field) => {
    const part = partOf(request, field.path);
    if (part === undefined) return field.isOptional === true;
    if (field.kind === 'stages')
      return typeof part === 'string' || (part as { stages: readonly object[] }).stages.length > 0;
    const mayBeEmpty =
      field.kind === 'pairs' ||
      field.kind === 'costs' ||
      field.kind === 'crawlers' ||
      (field.kind === 'many' && field.mayBeEmpty);
    return mayBeEmpty === true || !Array.isArray(part) || part.length > 0;
  });
}
