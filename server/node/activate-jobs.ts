/** Activations at this node: what they take from its datasets and keys, and what they leave behind. */
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActivateTerms, activateOutcomeDigest, roleOf } from '@causeway/core/applications/activate';
import { otherSide, showCounts, sideOf } from '@causeway/core/applications/match';
import { requireAllowed } from '@causeway/core/policy';
import type { ImportReport } from '../engine/index.ts';
import { copyWhole } from '../home/index.ts';
import { ActivateJob, type ActivateJobPorts, type ActivateResult } from '../jobs/activate/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import type { DatasetRow, JobEnd } from '../store/index.ts';
import type { ActivateAgreements } from './activate-agreements.ts';
import { activationFiles, keepMadeOf } from './activation-files.ts';
import { besidePath } from './audience-files.ts';
import { guardDifference } from './difference-guard.ts';
import { keepEvidence } from './evidence.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { keySourceOf } from './key-source.ts';
import { audienceId } from './match-jobs.ts';
import type { OpjaKeys } from './opja-keys.ts';
import { writeOptedOut } from './opted-out.ts';
import { PairKeys } from './pair-keys.ts';
import type { Services } from './services.ts';

/** Share of the work that a stage is, roughly: the group operations are nearly all of it, those of a publisher's earlier ids among them. */
const stages = { prepare: 0.05, commit: 0.3, exchange: 0.45, make: 0.16, settle: 0.02, release: 0.02 } as const;

/** In the work folder: rows of people who have opted out. */
const optedOutFile = 'opted-out.rows';

export class ActivateJobs implements JobKind<ActivateTerms> {
  readonly #services: Services;
  readonly #agreements: ActivateAgreements;
  readonly #pairKeys: PairKeys;
  readonly #opjaKeys: OpjaKeys;

  constructor(services: Services, agreements: ActivateAgreements, opjaKeys: OpjaKeys) {
    const { home, kernel, random } = services;
    this.#services = services;
    this.#agreements = agreements;
    this.#pairKeys = new PairKeys({ folder: join(home.folder, 'pair'), kernel, random });
    this.#opjaKeys = opjaKeys;
  }

  stages(): JobStage[] {
    return Object.entries(stages).map(([name, weight]) => ({ name, weight }));
  }

  async run(job: JobOf<ActivateTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const result = await new ActivateJob(job, this.#ports(job, host), host.work, host.signal).run();
    const { rows } = await this.#dataset(job);
    const audience = await this.#services.store.audiences.find(audienceId(job.job));
    return {
      counts: showCounts(rows, [result.counts], job.terms.limits.minimumGroupRows),
      outcome: activateOutcomeDigest(result.outcome),
      ...(audience ? { audience: audience.id } : {}),
    };
  }

  #ports(run: JobOf<ActivateTerms>, { life, links, note, signal, work }: JobHost): ActivateJobPorts {
    const { kernel, random, home, engine, clock } = this.#services;
    const { terms, job } = run;
    const side = sideOf(terms, home.config.organisation);
    return {
      ...life,
      links,
      kernel,
      sorter: kernel,
      random,
      report: (progress) => note(progress),
      publisherKeys: () => this.#pairKeys.current(clock.wallMs()),
      labelKeys: (of) => this.#opjaKeys.labelKeys(of),
      keys: async ({ keys, rows }) => {
        const dataset = await this.#dataset(run);
        const exclude = work.path(optedOutFile);
        await writeOptedOut(dataset, exclude, this.#services, await this.#services.settings(), signal);
        const { column } = terms.key[side];
        const source = keySourceOf(home.folder, dataset, { column, form: terms.key.form, network: terms.network });
        const to = { keys: work.path(keys), rows: work.path(rows) };
        return (await engine.extractKeys({ ...source, exclude, to }, { signal })).keyCount;
      },
      admit: async ({ set, size }) => {
        requireAllowed(await this.#agreements.evaluate(terms, job));
        const other = terms[otherSide(side)];
        await guardDifference(join(home.folder, 'guard'), {
          organisation: home.config.organisation,
          partner: other.organisation,
          dataset: other.dataset,
          form: terms.key.form,
          job,
          secret: home.keys.localSecret,
          work,
          set,
          sorter: kernel,
          keyCount: size.keyCount,
          minimumGroupRows: terms.limits.minimumGroupRows,
        });
      },
      attach: async ({ numbers, columns, pairs, to, ...of }) => {
        const paths = { numbers: work.path(numbers), pairs: work.path(pairs), to: work.path(to) };
        const packed = columns.map((values) => values && { ...values, file: work.path(values.file) });
        await engine.attachValues({ ...of, ...paths, columns: packed }, { signal });
      },
      release: (result) => this.#release(result, work.path(optedOutFile)),
    };
  }

  async #dataset({ terms }: Pick<JobOf<ActivateTerms>, 'terms'>): Promise<DatasetRow> {
    const { store, home } = this.#services;
    const own = terms[sideOf(terms, home.config.organisation)];
    const row = await store.datasets.find(own.dataset);
    if (row && row.status === 'published') return row;
    throw new JobFailure(
      'dataset-missing',
      `the dataset ${own.dataset} of ${own.organisation} is not there any more, or not published`,
    );
  }

  /** At the publisher an audience of its rows, with ids or labels beside; at the advertiser what `activation.export` gives out. */
  async #release(result: ActivateResult, optedOut: string): Promise<string> {
    const { home, store, clock } = this.#services;
    const { job, terms, outcome, file, rows } = result;
    await keepEvidence(home, job, { terms, outcome });
    const digest = createHmac('sha256', home.keys.localSecret)
      .update(job)
      .update(activateOutcomeDigest(outcome))
      .digest('hex');
    const side = sideOf(terms, home.config.organisation);
    if (roleOf(terms, side) === 'advertiser') {
      const kept = activationFiles(job);
      const { id, report } = await this.#dataset(result);
      await keepMadeOf(home.folder, job, { dataset: id, sha256: (report as ImportReport).parquet.sha256 });
      await copyWhole(optedOut, join(home.folder, kept.optedOut));
      if (file !== undefined) await copyWhole(file, join(home.folder, kept.ids));
      return digest;
    }
    const filePath = `audiences/${job}.rows`;
    await mkdir(join(home.folder, 'audiences'), { recursive: true, mode: 0o700 });
    await copyWhole(file!, join(home.folder, besidePath(filePath)));
    await copyWhole(rows.file, join(home.folder, filePath));
    const dataset = await this.#dataset(result);
    await store.audiences.create({
      id: audienceId(job),
      job,
      dataset: dataset.id,
      name: `${dataset.name} for ${terms[otherSide(side)].organisation} ${job.slice(-8)}`,
      rows: rows.count,
      filePath,
      digest,
      atMs: clock.wallMs(),
    });
    return digest;
  }
}
