/** Which matches a delivery can follow, and which columns can be given after one. */
import type { ResponseOf } from '@causeway/core/api';
import type { Offered } from './offer.ts';

type Job = ResponseOf<'job.list'>['items'][number];
type Agreement = ResponseOf<'agreement.list'>['items'][number];
type Grade = Offered['description']['attributes'][number]['grade'];

export interface DeliverMatch {
  readonly job: string;
  readonly agreement: string;
  readonly partner: string;
  readonly purpose: string;
  readonly finishedAt: string;
}

/** Finished matches of two whose agreement is still in force or used up, newest first. Whether both learned rows, the node says when it is proposed. */
export function deliverMatches(jobs: readonly Job[], agreements: readonly Agreement[]): readonly DeliverMatch[] {
  const byId = new Map(agreements.map((agreement) => [agreement.id, agreement]));
  return jobs.flatMap(({ id, agreement, operation, status, partners, finishedAt }) => {
    const of = byId.get(agreement);
    const isOver = of === undefined || of.status === 'revoked' || of.status === 'expired';
    const [partner] = partners;
    if (operation !== 'match' || status !== 'finished' || isOver || partner === undefined) return [];
    return [{ job: id, agreement, partner, purpose: of.purpose, finishedAt: finishedAt ?? of.createdAt }];
  });
}

export interface DeliverableColumn {
  readonly column: string;
  readonly grade: Grade;
  /** Personal and sensitive columns are not delivered. */
  readonly allowed: boolean;
}

/** Columns of the dataset that an organisation brought to a match, as they are published. @param terms of the match. */
export function deliverableColumns(
  terms: Readonly<Record<string, unknown>>,
  giver: string,
  catalogue: readonly Offered[],
): readonly DeliverableColumn[] {
  const dataset = [terms.proposer, terms.partner]
    .map((side) => side as { readonly organisation?: string; readonly dataset?: string } | undefined)
    .find((side) => side?.organisation === giver)?.dataset;
  const offered = catalogue.find((one) => one.owner === giver && one.dataset === dataset);
  return (offered?.description.attributes ?? []).map(({ column, grade }) => ({
    column,
    grade,
    allowed: grade === 'public' || grade === 'internal',
  }));
}
