/** What a node gave out for a job. */
export interface Released {
  readonly outcome: string;
  /** Of all of it. */
  readonly digest: string;
}
