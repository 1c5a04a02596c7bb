import { elementBytes } from '../../group/index.ts';
import type { ReceivedRows } from '../disclosure.ts';

/** What an end of an exchange learns. */
export type SpineLearned =
  /** Distinct identifiers in the partner's list. */
  | { readonly what: 'partner-set-size' }
  /** The pseudonyms of its own rows, which nobody but the room can compare with others. */
  | { readonly what: 'own-pseudonyms' };

export interface SpineDisclosure {
  readonly learns: readonly SpineLearned[];
  readonly receives: readonly ReceivedRows[];
}

/** Whoever has rows. Holds for any honest-but-curious party: README, "Who learns what". */
export function discloseClient(): SpineDisclosure {
  return {
    learns: [{ what: 'own-pseudonyms' }],
    receives: [{ message: 'answers', bytesPerRow: elementBytes, rowsOf: 'own', order: 'own' }],
  };
}

/** Whoever holds a key. */
export function discloseServer(): SpineDisclosure {
  return {
    learns: [{ what: 'partner-set-size' }],
    receives: [{ message: 'points', bytesPerRow: elementBytes, rowsOf: 'partner', order: 'sorted' }],
  };
}
