/** The currencies in which values of events are told, and the most that one person's order may count. */
import { declaredValues, type TableRules } from '../room-tables.ts';

export interface Money {
  readonly code: string;
  /** Digits of its smallest unit, in which amounts are. */
  readonly digits: number;
}

/** Those that a column of currencies declares, or that which the values are declared in. */
export function currenciesOf(events: readonly TableRules[]): readonly Money[] {
  const declared = declaredValues(events, 'currency');
  const one = valuesOf(events).flatMap((column) => (column.type === 'money' ? [column.currency] : []));
  const codes = declared.length > 0 ? declared : [...new Set(one)];
  return codes.filter((code) => /^[A-Z]{3}$/.test(code)).map((code) => ({ code, digits: minorDigits(code) }));
}

/** In the smallest unit: as much as the owners let one person add. */
export function valueMaxOf(events: readonly TableRules[]): number | undefined {
  const most = valuesOf(events).map(({ clip, max }) => clip?.high ?? max);
  return most.length === 0 ? undefined : Math.max(1, ...most);
}

function valuesOf(events: readonly TableRules[]) {
  return events.flatMap(({ columns }) =>
    columns.flatMap((column) =>
      column.name === 'value' && (column.type === 'money' || column.type === 'integer') ? [column] : [],
    ),
  );
}

function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
