/**
 * One row of an organisation's table → an event, or the reason why it is none. `read-sql.ts` writes the same rules as SQL; the two are compared
 * over good, damaged and hostile rows.
 */
import {
  type EventKind,
  eventKinds,
  eventTimes,
  type MarketingEvent,
  nameLengthMax,
  touchKinds,
  unitsMax,
} from './event.ts';
import { type AmountColumn, type Cell, checkLayout, type EventLayout } from './layout.ts';
import type { EventRefusal } from './refusals.ts';
import { instantsOf, offsetAt, offsetOf, zonePeriods } from './zone.ts';

/** A row's cells by column, as text. */
export type EventRow = Readonly<Record<string, string | null | undefined>>;

export type EventReading =
  | { readonly event: MarketingEvent; readonly refusal?: undefined }
  | { readonly refusal: EventRefusal };

/**
 * @returns a function from a row and its number to an event; without an id column the number is the event's id.
 * @throws {RangeError} for a layout that cannot be read by.
 */
export function eventReader(layout: EventLayout): (row: EventRow, rowNumber: number) => EventReading {
  checkLayout(layout);
  return (row, rowNumber) => {
    const read = readEvent(row, rowNumber, layout);
    return typeof read === 'string' ? { refusal: read } : { event: read };
  };
}

function readEvent(row: EventRow, rowNumber: number, layout: EventLayout): MarketingEvent | EventRefusal {
  const kind = readKind(row, layout);
  if (!isKind(kind)) return kind;
  const person = textOf(row, layout.person);
  if (!/^\d{1,10}$/.test(person) || Number(person) >= 2 ** 32) return 'no-person';
  const time = readTime(textOf(row, layout.time.column), layout);
  if (typeof time === 'string') return time;
  const isTouch = touchKinds.some((each) => each === kind);
  const names = [layout.channel, layout.campaign, layout.creative].map((cell) => cellOf(row, cell));
  const [channel, campaign, creative] = names as [string, string, string];
  if (isTouch && channel === '') return 'no-channel';
  if (names.some((name) => [...name].length > nameLengthMax)) return 'name-too-long';
  const currency = cellOf(row, layout.currency);
  const amount = isTouch ? layout.cost : layout.value;
  const units = amount === undefined ? 0 : readAmount(textOf(row, amount.column), amount, currency, layout);
  if (typeof units === 'string') return units;
  const orderRef = isTouch || layout.orderRef === undefined ? '' : textOf(row, layout.orderRef);
  const eventId = layout.eventId === undefined ? String(rowNumber) : textOf(row, layout.eventId);
  if (eventId === '') return 'no-event-id';
  if (!isTouch && orderRef === '') return 'no-order-ref';
  return {
    person: Number(person),
    ...time,
    kind,
    channel,
    campaign,
    creative,
    cost: isTouch ? units : 0,
    value: isTouch ? 0 : units,
    currency: amount === undefined ? '' : currency,
    eventId,
    orderRef,
  };
}

function textOf(row: EventRow, column: string): string {
  return (row[column] ?? '').replace(/^ +| +$/g, '');
}

function cellOf(row: EventRow, cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return 'always' in cell ? cell.always : textOf(row, cell.column);
}

function readKind(row: EventRow, { kind }: EventLayout): EventKind | 'left-out' | 'unknown-kind' {
  if ('always' in kind) return kind.always;
  const text = textOf(row, kind.column);
  const meant = Object.hasOwn(kind.kinds, text) ? kind.kinds[text]! : 'unknown-kind';
  return meant === 'leave-out' ? 'left-out' : meant;
}

function isKind(text: string): text is EventKind {
  return eventKinds.some((kind) => kind === text);
}

const written =
  /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?: ?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d))?$/;

function readTime(text: string, { time, takenAt }: EventLayout): Pick<MarketingEvent, 'at' | 'zone'> | EventRefusal {
  const periods = time.zone === undefined ? [] : zonePeriods(time.zone);
  let [at, offset] = [0, 0];
  if (time.form === 'text') {
    const parts = written.exec(text);
    const wall = parts === null ? undefined : wallSeconds(parts);
    if (parts === null || wall === undefined) return 'unreadable-time';
    if (parts[7] !== undefined) {
      offset = parts[7] === 'Z' ? 0 : offsetOf(parts[7])!;
      at = wall - offset;
    } else {
      if (time.zone === undefined) return 'no-zone';
      const instants = instantsOf(wall, periods);
      if (instants.length > 1) return 'time-is-ambiguous';
      if (instants.length === 0) return isWithin(wall) ? 'time-does-not-exist' : 'time-out-of-range';
      at = instants[0]!;
      offset = wall - at;
    }
  } else {
    if (!/^\d{1,15}$/.test(text)) return 'unreadable-time';
    at = time.form === 'seconds' ? Number(text) : Math.floor(Number(text) / 1000);
    offset = offsetAt(at, periods);
  }
  if (!isWithin(at)) return 'time-out-of-range';
  return at > takenAt ? 'in-the-future' : { at, zone: offset / 60 };
}

function isWithin(instant: number): boolean {
  return instant >= eventTimes.from && instant < eventTimes.until;
}

/** The seconds of a local time read as if it were UTC; a fraction is dropped. Undefined for a day that no calendar has. */
function wallSeconds([, year, month, day, hour, minute, second = '0']: RegExpExecArray): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    return undefined;
  }
  return date.getTime() / 1000 + Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
}

/** Digits after the point that an amount may be written with. */
const decimalsMax = 12;

function readAmount(
  text: string,
  { digits = 0 }: AmountColumn,
  currency: string,
  { currencies = {} }: EventLayout,
): number | EventRefusal {
  if (text === '') return 'no-amount';
  const parts = /^(-?)0*(\d{1,13})(?:\.(\d{1,12}))?$/.exec(text);
  if (parts === null) return 'unreadable-amount';
  if (!Object.hasOwn(currencies, currency)) return 'unknown-currency';
  const amount = BigInt(parts[2] + (parts[3] ?? '').padEnd(decimalsMax, '0'));
  const unit = 10n ** BigInt(decimalsMax - currencies[currency]! + digits);
  if (amount % unit !== 0n) return 'too-many-decimals';
  const units = Number(amount / unit);
  if (units > unitsMax) return 'unreadable-amount';
  return parts[1] === '-' && units > 0 ? 'negative-amount' : units;
}
