/** What all reports share: numbers as they were released, the tables that a report asks for, who learns them, and how figures are written. */
export { discloseReport, noiseDeviation, type Protection, type ReportDisclosure } from './disclosure.ts';
export { fixed, percentText, rangeText } from './format.ts';
export { optional } from './optional.ts';
export { placeSql } from './place-sql.ts';
export type { PlannedTable, ReportName, ReportPlan } from './plan.ts';
export { type HiddenGroups, hiddenWords, notEnoughData, type Released, reachesMinimum } from './released.ts';
