import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import { type ActivateOutcome, type ActivateTerms, roleOf } from '@causeway/core/applications/activate';
import { sideOf } from '@causeway/core/applications/match';
import { deliveryName, encodeKey, formatDelivery, formatRoot, rootName } from '@causeway/core/protocols/opja';
import type { ImportReport } from '../../engine/index.ts';
import { requireMinimum } from '../../engine/output/minimum.ts';
import { ApiProblem, allowedPath, type DomainHandlers, notFound } from '../../http/index.ts';
import { KeyError, type KeyFile } from '../../opja/index.ts';
import type { JobRow } from '../../store/index.ts';
import { idCount, writeIds, writeText } from '../activation-export.ts';
import { activationFiles, madeOfWhat } from '../activation-files.ts';
import { endOf, endText } from '../agreement-end.ts';
import { termsOf } from '../agreements.ts';
import type { LocalOperations } from '../local-operations.ts';
import type { OpjaKeys } from '../opja-keys.ts';
import { haveMoreOptedOut, writeOptedOut } from '../opted-out.ts';
import type { Services } from '../services.ts';

type Names = `activation.${'export' | 'keys' | 'domain' | 'newKey'}`;

export function activationHandlers(
  services: Services,
  operations: LocalOperations,
  keys: OpjaKeys,
): Pick<DomainHandlers, Names> {
  const { store, home } = services;
  return {
    'activation.export': async ({ params, body }, { user }) => {
      const job = await store.jobs.find(params.job);
      if (!job) throw notFound();
      const terms = await advertisersTerms(job, services);
      const { datasetFolders, minimumGroupRows } = await services.settings();
      const to = await allowedPath(body.to, 'write', datasetFolders);
      const ids = resolve(home.folder, activationFiles(job.id).ids);
      return operations.start({ kind: 'activation.export', target: job.id, user: user.name }, async (work) => {
        await requireNobodyOptedOutSince(job, terms, services, work.signal);
        const written = { kind: 'activation' as const, path: to, optedOut: 0, withoutId: 0 };
        if (terms.form.kind === 'opja') {
          const text = `${JSON.stringify(await campaignOf(home.folder, job.id), null, 2)}\n`;
          return { ...written, destination: 'opja', ...(await writeText(text, to)) };
        }
        requireMinimum(await idCount(ids), minimumGroupRows, 'identifiers');
        return { ...written, destination: 'pair', ...(await writeIds(ids, to, work)) };
      });
    },
    'activation.keys': async () => keysView(await keys.list()),
    'activation.domain': async ({ params: { domain } }) => {
      const file = await keys.list();
      const records = recordsOf(file, domain);
      try {
        const { keys: found, own } = await keys.published(domain, file);
        return { domain, keys: found.map(encodeKey), own: own !== undefined, records };
      } catch (error) {
        if (!(error instanceof KeyError)) throw error;
        return { domain, keys: [], own: false, records, problem: { code: error.code, detail: error.message } };
      }
    },
    'activation.newKey': async () => keysView(await keys.add()),
  };
}

/** The terms of a finished activation in which this organisation advertises. @throws {ApiProblem} `conflict` for any other job, and once the agreement has ended. */
async function advertisersTerms(job: JobRow, services: Services): Promise<ActivateTerms> {
  const { store, home } = services;
  const row = await store.agreements.find(job.agreement);
  const terms = row && termsOf(row);
  const refused = (detail: string, remedy: string) => new ApiProblem({ code: 'conflict', detail, remedy });
  if (!row || terms?.operation !== 'activate' || job.status !== 'finished')
    throw refused(`${job.id} is no finished activation`, 'see what there is with `causeway job list`');
  if (roleOf(terms, sideOf(terms, home.config.organisation)) === 'publisher') {
    throw refused(
      'this organisation publishes: what it has of this run stands beside its rows',
      `write them with \`causeway audience export ${job.audience ?? ''}\``,
    );
  }
  const end = await endOf(row, services);
  if (end === undefined) return terms;
  throw refused(
    `the agreement of ${job.id} ${endText(end)}: what it left is not given out any more`,
    'agree again and run the new agreement',
  );
}

/** Nobody knows which ids are whose: with one more person opted out, the list as a whole is of yesterday. */
async function requireNobodyOptedOutSince(
  job: JobRow,
  terms: ActivateTerms,
  services: Services,
  signal: AbortSignal,
): Promise<void> {
  const { store, home } = services;
  const again = `run the agreement again with \`causeway run ${job.agreement.slice(0, 12)}\`, and give out the new list in place of the old one`;
  const dataset = await store.datasets.find(terms[sideOf(terms, home.config.organisation)].dataset);
  const madeOf = await madeOfWhat(home.folder, job.id);
  if (!dataset || madeOf?.sha256 !== (dataset.report as ImportReport).parquet.sha256) {
    const detail = 'the rows of this activation were changed since, so who opted out of it cannot be known';
    throw new ApiProblem({ code: 'conflict', detail, remedy: again });
  }
  const folder = await mkdtemp(join(home.folder, 'spill', 'opted-out-'));
  try {
    const now = join(folder, 'rows');
    await writeOptedOut(dataset, now, services, await services.settings(), signal);
    const earlier = resolve(home.folder, activationFiles(job.id).optedOut);
    if (!(await haveMoreOptedOut({ earlier, now }, dataset.rows))) return;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new ApiProblem({
    code: 'conflict',
    detail: 'people of this list have opted out since it was made, and nobody can tell which of its ids are theirs',
    remedy: again,
  });
}

/** The campaign of a finished run, as both sides signed it. */
async function campaignOf(home: string, job: string): Promise<object> {
  const { outcome } = JSON.parse(await readFile(join(home, 'evidence', `${job}.json`), 'utf8')) as {
    outcome: ActivateOutcome;
  };
  if (outcome.made.kind !== 'opja') throw new Error('the evidence is of another kind than the terms');
  return outcome.made.campaign;
}

function recordsOf({ keys }: KeyFile, domain: string): ResponseOf<'activation.domain'>['records'] {
  if (keys.length === 0) return [];
  return [
    { name: rootName(domain), text: formatRoot(domain) },
    { name: deliveryName(domain), text: formatDelivery(keys.map(({ pair }) => pair.publicKey)) },
  ];
}

function keysView({ keys }: KeyFile): ResponseOf<'activation.keys'> {
  return {
    keys: keys.map(({ pair, madeAt }) => ({ publicKey: encodeKey(pair.publicKey), madeAt })),
    ...(keys.length === 0 ? {} : { delivery: formatDelivery(keys.map(({ pair }) => pair.publicKey)) }),
  };
}
