/** What waits for a person: proposals to sign, jobs that stopped, agreements that end soon, and what the node warns of. */
import type { ResponseOf } from '@causeway/core/api';

export type Agreement = ResponseOf<'agreement.list'>['items'][number];
export type Job = ResponseOf<'job.list'>['items'][number];
type Warning = ResponseOf<'node.status'>['warnings'][number];

export type Waiting =
  | { readonly kind: 'approve'; readonly agreement: Agreement }
  | { readonly kind: 'stopped'; readonly job: Job }
  | { readonly kind: 'expires'; readonly agreement: Agreement }
  | { readonly kind: 'warning'; readonly warning: Warning };

const dayMs = 86_400_000;
/** A week leaves time for the other side to sign the next one. */
const expiresSoonMs = 7 * dayMs;
/** What failed longer ago has been seen, or was not missed. */
const failedRecentlyMs = 3 * dayMs;

/** @returns the most pressing first: what others wait for, then what stopped, then what will. */
export function waitingFor(read: {
  readonly organisation: string;
  readonly agreements: readonly Agreement[];
  readonly jobs: readonly Job[];
  readonly warnings: readonly Warning[];
  readonly nowMs: number;
}): readonly Waiting[] {
  const { organisation, agreements, jobs, warnings, nowMs } = read;
  const unsigned = agreements.filter(
    ({ status, parties }) =>
      (status === 'proposed' || status === 'draft') &&
      parties.some((party) => party.organisation === organisation && !party.signed),
  );
  const stopped = jobs.filter(
    ({ status, finishedAt }) =>
      status === 'interrupted' || (status === 'failed' && Date.parse(finishedAt ?? '') > nowMs - failedRecentlyMs),
  );
  const ending = agreements.filter(
    ({ status, expiresAt }) =>
      status === 'active' && Date.parse(expiresAt) > nowMs && Date.parse(expiresAt) < nowMs + expiresSoonMs,
  );
  return [
    ...unsigned.map((agreement) => ({ kind: 'approve', agreement }) as const),
    ...stopped.map((job) => ({ kind: 'stopped', job }) as const),
    ...warnings.map((warning) => ({ kind: 'warning', warning }) as const),
    ...ending.map((agreement) => ({ kind: 'expires', agreement }) as const),
  ];
}
