/**
 * What a question can tell apart in a column: its **atoms**, numbered from 0. A category has one for each value, in the order of their bytes; a
 * number one for each integer of its range; a time one for each second. Where a value may be missing, that is the last atom.
 */
import { compareBytes, utf8ToBytes } from '../../../bytes/index.ts';
import { QueryRefused } from '../refusal.ts';
import type { Constant } from '../tree/constant.ts';
import { startOf, Zone } from '../zone/index.ts';
import type { ColumnRule } from './catalogue.ts';

export type Domain =
  | { readonly kind: 'category'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly grid: number }
  | {
      readonly kind: 'time';
      readonly from: number;
      readonly to: number;
      readonly grid: TimeGrid;
      readonly zone: string;
    }
  /** Whether a person belongs to an audience, or has a row in a table that is joined from the left: 0 no, 1 yes. */
  | { readonly kind: 'flag' };

export type TimeGrid = Extract<ColumnRule, { type: 'time' }>['grid'];

/** Atoms from `from` to before `to`. */
export interface AtomRange {
  readonly from: number;
  readonly to: number;
}

export const yes: readonly AtomRange[] = [{ from: 1, to: 2 }];

/** Without the atom of the missing value. */
export function atomCount(domain: Domain): number {
  switch (domain.kind) {
    case 'category':
      return domain.values.length;
    case 'number':
      return domain.max - domain.min + 1;
    case 'time':
      return domain.to - domain.from;
    case 'flag':
      return 2;
  }
}

/** @returns undefined for a key and for a place, which questions cannot be about. */
export function domainOf(rule: ColumnRule, zone: string): Domain | undefined {
  switch (rule.type) {
    case 'key':
    case 'place':
      return undefined;
    case 'category':
      return { kind: 'category', values: sortedByBytes(rule.values) };
    case 'integer':
    case 'money':
      return { kind: 'number', min: rule.min, max: rule.max, grid: rule.grid };
    case 'time': {
      const at = (day: string) => new Zone(zone).instantOf(Date.parse(day) / 1000);
      return { kind: 'time', from: at(rule.from), to: at(rule.to), grid: rule.grid, zone };
    }
  }
}

/** The one atom that a constant names. @throws {QueryRefused} `constant-type`, `constant-undeclared`; of a number as `boundaryOf`. */
export function atomsEqualTo(domain: Domain, constant: Constant): AtomRange {
  if (domain.kind === 'category') {
    const atom = domain.values.indexOf(categoryText(constant));
    if (atom < 0) throw new QueryRefused('constant-undeclared', { at: constant.at });
    return { from: atom, to: atom + 1 };
  }
  return { from: boundaryOf(domain, constant, 'before'), to: boundaryOf(domain, constant, 'after') };
}

/**
 * Where a limit cuts the atoms: before the constant's atom, or after it.
 * @throws {QueryRefused} `constant-order` for a category, `constant-type`, `constant-off-grid`, `constant-out-of-range`.
 */
export function boundaryOf(domain: Domain, constant: Constant, side: 'before' | 'after'): number {
  const { at } = constant;
  const step = side === 'before' ? 0 : 1;
  switch (domain.kind) {
    case 'category':
    case 'flag':
      throw new QueryRefused('constant-order', { at });
    case 'number': {
      const atom = integerOf(constant) - domain.min + step;
      requireInside(atom, atomCount(domain), at);
      if (atom % domain.grid !== 0 && atom !== atomCount(domain)) throw new QueryRefused('constant-off-grid', { at });
      return atom;
    }
    case 'time': {
      const instant = instantOf(constant, domain.zone) + step;
      requireInside(instant - domain.from, atomCount(domain), at);
      if (!isOnGrid(instant, domain)) throw new QueryRefused('constant-off-grid', { at });
      return instant - domain.from;
    }
  }
}

function requireInside(atom: number, count: number, at: number | undefined): void {
  if (atom < 0 || atom > count) throw new QueryRefused('constant-out-of-range', { at });
}

/** Whether a question may tell instants before this one from later ones. */
export function isOnGrid(instant: number, { grid, zone }: Extract<Domain, { kind: 'time' }>): boolean {
  switch (grid) {
    case 'second':
      return true;
    case 'minute':
      return new Zone(zone).localAt(instant) % 60 === 0;
    case 'hour':
    case 'day': {
      const local = new Zone(zone).localAt(instant);
      return startOf(grid, local) === local;
    }
  }
}

/** Categories are texts; an integer or a truth value names the text of itself. */
function categoryText(constant: Constant): string {
  switch (constant.type) {
    case 'text':
      return constant.text;
    case 'boolean':
      return String(constant.value);
    case 'number':
      if (constant.scale === 0) return String(constant.unscaled);
      break;
    case 'null':
      throw new QueryRefused('null-constant', { at: constant.at });
    case 'date':
    case 'timestamp':
    case 'timestamptz':
  }
  throw new QueryRefused('constant-type', { at: constant.at });
}

function integerOf(constant: Constant): number {
  const { at } = constant;
  if (constant.type === 'null') throw new QueryRefused('null-constant', { at });
  if (constant.type !== 'number') throw new QueryRefused('constant-type', { at });
  const unit = 10n ** BigInt(constant.scale);
  if (constant.unscaled % unit !== 0n) throw new QueryRefused('constant-off-grid', { at });
  const value = Number(constant.unscaled / unit);
  if (!Number.isSafeInteger(value)) throw new QueryRefused('constant-out-of-range', { at });
  return value;
}

const timeForm = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A date, a local time in the agreement's zone, or a time with its offset, to the second. */
function instantOf(constant: Constant, zone: string): number {
  const { at, type } = constant;
  if (type === 'null') throw new QueryRefused('null-constant', { at });
  if (type !== 'date' && type !== 'timestamp' && type !== 'timestamptz')
    throw new QueryRefused('constant-type', { at });
  const parts = timeForm.exec(constant.text);
  if (parts === null) throw new QueryRefused('constant-form', { at });
  const [, day, hour, minute, second, offset] = parts;
  const isRight =
    type === 'date' ? hour === undefined && offset === undefined : (offset !== undefined) === (type === 'timestamptz');
  const clock = [hour ?? '00', minute ?? '00', second ?? '00'];
  const local = Date.parse(`${day}T${clock.join(':')}Z`) / 1000;
  // Date.parse takes 30 February for 1 March, and 24:00 for the next day.
  const isReal = Number.isFinite(local) && new Date(local * 1000).toISOString().startsWith(`${day}T${clock.join(':')}`);
  if (!isRight || !isReal) throw new QueryRefused('constant-form', { at });
  return offset === undefined ? new Zone(zone).instantOf(local) : local - offsetSeconds(offset);
}

function offsetSeconds(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
}

function sortedByBytes(values: readonly string[]): readonly string[] {
  return values
    .map((text) => ({ text, bytes: utf8ToBytes(text) }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ text }) => text);
}
