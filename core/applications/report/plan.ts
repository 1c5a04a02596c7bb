/**
 * What a report needs, said before anything is computed: its tables of numbers, and how much one person can move each table. A room prices
 * noise by it, join/sum takes its cells and columns from it, and people read it in the disclosure.
 */
import type { Words } from '../words.ts';

/** The reports whose numbers come from more than one owner; selecting, retargeting and filtering are each owner's own. */
export type ReportName = 'overlap' | 'insight' | 'reach' | 'attribution' | 'lift' | 'lifecycle';

export interface PlannedTable {
  readonly name: string;
  /** How many numbers the table has. */
  readonly numbers: number;
  /**
   * ℓ₂ sensitivity Δ: how far the table's numbers, as one vector, can move when one person is added or removed; in the numbers' own unit.
   */
  readonly sensitivity: number;
  /** What the table says, as it stands after "learns". */
  readonly words: Words;
}

export interface ReportPlan {
  readonly report: ReportName;
  readonly tables: readonly PlannedTable[];
}
