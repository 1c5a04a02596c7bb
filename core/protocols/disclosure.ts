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
  /** The same, as the partner tells it: the protocol does not prove it to this side. */
  | { readonly what: 'own-rows-matched-as-told' }
  /** How many identifiers are in both lists, not which. */
  | { readonly what: 'match-count' }
  /** Whether identifiers that it has asked for are in later versions of the partner's list too, as long as one key is used. */
  | { readonly what: 'own-matches-later' };

/** Whether the order of what a message holds can be tied to the rows of the side that gets it. */
export type ReceivedOrder = 'own' | 'secret' | 'sorted' | 'none';

/** What a side receives on the wire, by message: name, and bytes for each row of a list. */
export interface ReceivedRows {
  readonly message: string;
  readonly bytesPerRow: number;
  /** Whose rows the message runs over. */
  readonly rowsOf: 'own' | 'partner';
  readonly order: ReceivedOrder;
}

/** The same for a message whose length follows from the declared sizes alone. */
export interface ReceivedBytes {
  readonly message: string;
  /** In the whole run. */
  readonly bytes: number;
  readonly order: ReceivedOrder;
}

export type Received = ReceivedRows | ReceivedBytes;

export interface SideDisclosure<Message extends Received = Received> {
  readonly learns: readonly Learned[];
  readonly receives: readonly Message[];
}
