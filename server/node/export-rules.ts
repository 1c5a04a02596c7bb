/** What an export is held to, whoever asks for it: the end of the agreement, and those who opted out. */
import { resolve } from 'node:path';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import type { ImportReport, OptOuts } from '../engine/index.ts';
import { ApiProblem } from '../http/index.ts';
import type { AudienceRow, DatasetRow } from '../store/index.ts';
import { type AgreementEnd, endOf, endText } from './agreement-end.ts';
import { termsOf } from './agreements.ts';
import type { Services } from './services.ts';

/** The agreement under which an audience was made, and its end. @throws {ApiProblem} `conflict` where this node does not know it. */
export async function lineageOf(
  audience: AudienceRow,
  services: Services,
): Promise<{
  readonly agreement: string;
  readonly terms: AgreementTerms;
  readonly expiresAt: string;
  readonly end: AgreementEnd | undefined;
}> {
  const { store } = services;
  const job = await store.jobs.find(audience.job);
  const agreement = job && (await store.agreements.find(job.agreement));
  if (agreement) {
    const terms = termsOf(agreement);
    const { expiresAt } = terms.limits;
    return { agreement: agreement.id, terms, expiresAt, end: await endOf(agreement, services) };
  }
  throw new ApiProblem({
    code: 'conflict',
    detail: `this node does not know the agreement under which ${audience.name} was made, so its end cannot be kept`,
    remedy: 'run the agreement again',
  });
}

/**
 * @returns the terms under which the audience was made.
 * @throws {ApiProblem} `conflict` once that agreement has ended, by anybody's word or by its date.
 */
export async function requireInForce(audience: AudienceRow, services: Services): Promise<AgreementTerms> {
  const { end, terms } = await lineageOf(audience, services);
  if (end === undefined) return terms;
  throw new ApiProblem({
    code: 'conflict',
    detail: `the agreement under which ${audience.name} was made ${endText(end)}: its rows are not given out any more`,
    remedy: 'agree again and run the new agreement',
  });
}

/**
 * The lists of those who opted out, with the columns in which each can be compared with the dataset.
 * @param names of own datasets: what this export asks for, and what the settings always ask for.
 * @throws {ApiProblem} for a name that is no dataset, and for a list whose people could not be recognised here.
 */
export async function optOutsFor(
  dataset: DatasetRow,
  names: readonly string[],
  { store, home }: Services,
): Promise<OptOuts[]> {
  const own = (dataset.report as ImportReport).ids;
  const lists = await Promise.all(
    [...new Set(names)].map(async (name) => ({ name, row: await store.datasets.find(name) })),
  );
  return lists.map(({ name, row }) => {
    if (!row) {
      throw new ApiProblem({
        code: 'invalid-request',
        detail: `there is no dataset ${JSON.stringify(name)} of people who opted out`,
        remedy: 'see `causeway dataset list`; lists that every export asks for are named in `causeway settings show`',
      });
    }
    const pairs = own.flatMap((mine) =>
      (row.report as ImportReport).ids.flatMap((theirs) => {
        const compared = compareProfiles(parseProfile(mine.profile), parseProfile(theirs.profile));
        if (!compared.ok) return [];
        return [
          {
            own: { column: mine.storedAs, profile: mine.profile },
            other: { column: theirs.storedAs, profile: theirs.profile },
            common: formatProfile(compared.common),
          },
        ];
      }),
    );
    if (pairs.length === 0) {
      throw new ApiProblem({
        code: 'conflict',
        detail: `${row.name} has no kind of identifier in common with ${dataset.name}, so who opted out cannot be left out`,
        remedy: `add the list again with one of ${own.map(({ profile }) => profile).join(', ')}`,
      });
    }
    const { parquet } = row.report as ImportReport;
    return { parquet: rowsPath(row, home.folder), sha256: parquet.sha256, pairs };
  });
}

export function rowsPath(dataset: DatasetRow, home: string): string {
  return resolve(home, dataset.folder, 'rows.parquet');
}
