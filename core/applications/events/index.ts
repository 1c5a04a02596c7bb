/** The events that measurement is made of: their schema, how they are read from a table, and why a row is none. */
export {
  type EventKind,
  eventColumns,
  eventKinds,
  eventTimes,
  kindCode,
  type MarketingEvent,
  type TouchKind,
  touchKinds,
} from './event.ts';
export type { AmountColumn, Cell, EventLayout } from './layout.ts';
export { type Currencies, type Money, moneyText } from './money.ts';
export { type EventReading, type EventRow, eventReader } from './read.ts';
export { readEventsSql } from './read-sql.ts';
export { type ReadingReport, type RefusalTally, refusalsSql, reportReading } from './reading-report.ts';
export { type EventRefusal, eventRefusals } from './refusals.ts';
export { repeatedEventsSql, uniqueEventsSql } from './unique.ts';
export { type ZonePeriod, zonePeriods } from './zone.ts';
