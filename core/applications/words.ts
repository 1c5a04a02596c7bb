export type { Words } from '../policy/index.ts';

/** A count with thousands separated, the same in both languages. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
