/** What a room says of a request before it is made: what it would cost, and whose budgets it would spend. */
import type { Words } from '@causeway/core/applications';

export interface ReportPreview {
  /** Exact and free, on one's own rows. */
  readonly isOwn: boolean;
  /** Fewest people behind a number. */
  readonly k: number;
  /** In millionths. */
  readonly rho: number;
  /** Told before: free. */
  readonly isKnown: boolean;
  readonly budgets: readonly {
    readonly subject: { readonly owner: string; readonly subjects: string };
    readonly words: Words;
    readonly isEnough: boolean;
    /** In millionths: what would be left. */
    readonly left: number;
  }[];
}
