/**
 * What a protocol lets a side see, as data: the plan states it before the run, and a test holds the transcript to it. Sentences for
 * people are made from these in the application, in each language once.
 */

/** One thing that a side learns; sizes come from the plan. */
export type Learned =
  /** Distinct identifiers in the partner's list. */
  | { readonly what: 'partner-set-size' }
  /** How many identifiers joined and left the partner's list since an earlier run. */
  | { readonly what: 'partner-list-changes' }
  /** Which of its own rows are in the partner's list. */
  | { readonly what: 'own-rows-matched' }
  /** How many identifiers are in both lists, not which. */
  | { readonly what: 'match-count' }
  /** Whether identifiers that it has asked for are in later versions of the partner's list too, as long as one key is used. */
  | { readonly what: 'own-matches-later' };

/** What a side receives on the wire, by message: name, and bytes for each row of a list. */
export interface Received {
  readonly message: string;
  readonly bytesPerRow: number;
  /** Whose rows the message runs over. */
  readonly rowsOf: 'own' | 'partner';
  /** Whether the order of the rows can be tied to the receiver's own. */
  readonly order: 'own' | 'secret' | 'sorted';
}

export interface SideDisclosure {
  readonly learns: readonly Learned[];
  readonly receives: readonly Received[];
}
