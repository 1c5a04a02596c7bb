/** Which jobs of the list a reader wants: by state, kind and partner, as the address says. */
import type { ResponseOf } from '@causeway/core/api';

export type Job = ResponseOf<'job.list'>['items'][number];

export interface JobChoice {
  readonly state?: string;
  readonly kind?: string;
  readonly partner?: string;
}

/** What of an address is a choice; anything else in it is left out. */
export function jobChoice(search: Readonly<Record<string, unknown>>): JobChoice {
  const text = (name: string) => (typeof search[name] === 'string' && search[name] !== '' ? search[name] : undefined);
  const [state, kind, partner] = [text('state'), text('kind'), text('partner')];
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(partner === undefined ? {} : { partner }),
  };
}

export function chosenJobs(jobs: readonly Job[], { state, kind, partner }: JobChoice): readonly Job[] {
  return jobs.filter(
    (job) =>
      (state === undefined || job.status === state) &&
      (kind === undefined || job.operation === kind) &&
      (partner === undefined || job.partners.includes(partner)),
  );
}

/** What there is to choose from. */
export function jobOptions(jobs: readonly Job[]): {
  readonly states: readonly Job['status'][];
  readonly kinds: readonly string[];
  readonly partners: readonly string[];
} {
  return {
    states: [...new Set(jobs.map(({ status }) => status))].toSorted(),
    kinds: [...new Set(jobs.map(({ operation }) => operation))].toSorted(),
    partners: [...new Set(jobs.flatMap(({ partners }) => partners))].toSorted(),
  };
}
