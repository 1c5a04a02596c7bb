/** Runs of insights at this node: what they take from its datasets, and what they leave behind. */
import { createHmac, hkdfSync } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  type InsightTerms,
  insightOutcomeDigest,
  insightSideOf,
  segmentColumns,
  showFigures,
  writeLie,
} from '@causeway/core/applications/insight/agreement';
import { otherSide } from '@causeway/core/applications/match';
import { requireAllowed } from '@causeway/core/policy';
import type { ImportReport } from '../engine/index.ts';
import { InsightJob, type InsightJobPorts, type InsightResult } from '../jobs/insight/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import type { JobEnd } from '../store/index.ts';
import { guardDifference } from './difference-guard.ts';
import { keepEvidence, keepLie } from './evidence.ts';
import type { InsightAgreements } from './insight-agreements.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { keySourceOf } from './key-source.ts';
import type { Services } from './services.ts';

/** Share of the work that a stage is, roughly. */
const stages = { prepare: 0.1, exchange: 0.86, settle: 0.02, release: 0.02 } as const;

export class InsightJobs implements JobKind<InsightTerms> {
  readonly #services: Services;
  readonly #agreements: InsightAgreements;

  constructor(services: Services, agreements: InsightAgreements) {
    this.#services = services;
    this.#agreements = agreements;
  }

  stages(): JobStage[] {
    return Object.entries(stages).map(([name, weight]) => ({ name, weight }));
  }

  async run(job: JobOf<InsightTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const result = await new InsightJob(job, this.#ports(job, host), host.work, host.signal).run();
    return { counts: this.#shown(job.terms, result), outcome: insightOutcomeDigest(result.outcome) };
  }

  /** What this side may know. */
  #shown(terms: InsightTerms, { rows, figures, matchedAbout, belowMinimum }: InsightResult) {
    return {
      rows: rows.own,
      partnerRows: rows.peer,
      ...(figures === undefined ? {} : showFigures(terms, figures, matchedAbout!)),
      ...(belowMinimum === undefined ? {} : { belowMinimum }),
    };
  }

  #ports(run: JobOf<InsightTerms>, { life, links, note, signal, work }: JobHost): InsightJobPorts {
    const { kernel, sums, random, home, engine } = this.#services;
    if (!sums) {
      throw new JobFailure(
        'native-library-missing',
        'join/sum needs the native library, which is not there: install a C++ compiler and run "npm run build:native"',
      );
    }
    const { terms } = run;
    const side = insightSideOf(terms, home.config.organisation);
    return {
      ...life,
      links,
      kernel,
      sums,
      sorter: kernel,
      random,
      edgeSecret: new Uint8Array(
        hkdfSync('sha256', home.keys.localSecret, terms[side].dataset, 'causeway/insight/edge', 32),
      ),
      report: (progress) => note(progress),
      keys: async ({ keys, rows }) => {
        const { column } = terms.key[side];
        const source = keySourceOf(home.folder, await this.#dataset(run), {
          column,
          form: terms.key.form,
          network: terms.network,
        });
        const to = { keys: work.path(keys), rows: work.path(rows) };
        return (await engine.extractKeys({ ...source, to }, { signal })).keyCount;
      },
      columns: async ({ codes, numbers }) => {
        const row = await this.#dataset(run);
        const report = row.report as ImportReport;
        const storedAs = (name: string) => report.attributes.find(({ column }) => column === name)?.storedAs ?? name;
        await engine.extractColumns(
          {
            parquet: resolve(home.folder, row.folder, 'rows.parquet'),
            sha256: report.parquet.sha256,
            segments: segmentColumns(terms).map(({ column, values }) => ({ column: storedAs(column), values })),
            numbers: terms.columns.map(({ column, decimals }) => ({ column: storedAs(column), decimals })),
            to: { codes: work.path(codes), numbers: work.path(numbers) },
          },
          { signal },
        );
      },
      admit: async ({ set, size }) => {
        requireAllowed(await this.#agreements.evaluate(terms, run.job));
        const other = terms[otherSide(side)];
        await guardDifference(join(home.folder, 'guard'), {
          organisation: home.config.organisation,
          partner: other.organisation,
          dataset: other.dataset,
          form: terms.key.form,
          job: run.job,
          digest: size.digest,
          secret: home.keys.localSecret,
          work,
          set,
          sorter: kernel,
          keyCount: size.keyCount,
          minimumGroupRows: terms.limits.minimumGroupRows,
        });
      },
      keepLie: (lie) => keepLie(home, run.job, { terms, lie: writeLie(lie) }),
      release: async (result) => {
        await keepEvidence(home, run.job, { terms, outcome: result.outcome });
        // Small figures could be guessed from a plain digest: it is taken under a secret of this node.
        const shown = JSON.stringify(this.#shown(terms, result));
        return createHmac('sha256', home.keys.localSecret).update(run.job).update(shown).digest('hex');
      },
    };
  }

  async #dataset(run: JobOf<InsightTerms>) {
    const { store, home } = this.#services;
    const own = run.terms[insightSideOf(run.terms, home.config.organisation)];
    const row = await store.datasets.find(own.dataset);
    if (row && row.status === 'published') return row;
    throw new JobFailure(
      'dataset-missing',
      `the dataset ${own.dataset} of ${own.organisation} is not there any more, or not published`,
    );
  }
}
