/** What psi/oprf needs of its host beside the link and the job's folder: where tables are kept, keys that were published, and the budget. */
import type { WorkFolder } from '../../work/index.ts';

/** For one partner, one dataset of the side with the table, and one form. */
export interface OprfPorts {
  /** Where this side keeps the tables of the scope: those that it serves, or those that it was sent. */
  readonly tables: WorkFolder;
  /** Runs one piece of work on the folder at a time. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Names what the own list is made of: while it stays, so does every row. */
  readonly source: () => Promise<string>;
  readonly keys: PublishedKeys;
  readonly budget: EvaluationBudget;
  /** Evaluations that a new epoch is made for. */
  readonly evaluationsOfEpoch: number;
  readonly nowMs: () => number;
}

export interface PublishedKey {
  /** From 1, one more with each key. */
  readonly epoch: number;
  readonly publicKey: Uint8Array;
}

/** The keys of the side with the table, as both sides can show them later. */
export interface PublishedKeys {
  /** The newest one that is known here. */
  newest(): Promise<PublishedKey | undefined>;
  /**
   * The newest one, once a copy that lags has been brought up to date.
   * @param said by the partner to be the newest.
   * @throws {LinkError} when what is published cannot be looked up now.
   */
  confirm(said: PublishedKey, signal: AbortSignal): Promise<PublishedKey | undefined>;
  /** Publishes the key of the next epoch, once and durably; the same again changes nothing. */
  publish(key: PublishedKey, signal: AbortSignal): Promise<void>;
}

/** Evaluations that the side with the table gives: a limit for each day and one for each key. */
export interface EvaluationBudget {
  /** How many evaluations have been counted under a key. */
  spent(epoch: number): Promise<number>;
  /**
   * Counts the evaluations of this round, durably, before the first is made; again after a restart it counts nothing. Rounds that race
   * never get more than there is.
   * @param limit of the key.
   * @throws {PolicyDenied} rule `evaluations`, with what is left.
   */
  spend(of: { readonly epoch: number; readonly evaluations: number; readonly limit: number }): Promise<void>;
}
