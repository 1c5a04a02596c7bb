/** Deliveries at this node: what they take from its datasets and earlier matches, and what they leave behind. */
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DeliverTerms, deliverOutcomeDigest, valueCharactersMax } from '@causeway/core/applications/deliver';
import { sideOf } from '@causeway/core/applications/match';
import { requireAllowed } from '@causeway/core/policy';
import type { ImportReport } from '../engine/index.ts';
import { readRowList } from '../engine/row-list.ts';
import { copyWhole, NodeError } from '../home/index.ts';
import { DeliverJob, type DeliverJobPorts, type DeliverResult } from '../jobs/deliver/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import { BitSet } from '../jobs/work/index.ts';
import type { AudienceRow, DatasetRow, JobEnd } from '../store/index.ts';
import { besidePath, rowsOfKindPath } from './audience-files.ts';
import type { DeliverAgreements } from './deliver-agreements.ts';
import { keepEvidence } from './evidence.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { keySourceOf } from './key-source.ts';
import { audienceId } from './match-jobs.ts';
import { writeRows } from './row-file.ts';
import type { Services } from './services.ts';

/** Share of the work that a stage is, roughly. */
const stages = { prepare: 0.5, exchange: 0.46, settle: 0.02, release: 0.02 } as const;

export class DeliverJobs implements JobKind<DeliverTerms> {
  readonly #services: Services;
  readonly #agreements: DeliverAgreements;

  constructor(services: Services, agreements: DeliverAgreements) {
    this.#services = services;
    this.#agreements = agreements;
  }

  stages(): JobStage[] {
    return Object.entries(stages).map(([name, weight]) => ({ name, weight }));
  }

  async run(job: JobOf<DeliverTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const result = await new DeliverJob(job, this.#ports(job, host), host.work, host.signal).run();
    const audience =
      result.values === undefined ? undefined : await this.#services.store.audiences.find(audienceId(job.job));
    return { outcome: deliverOutcomeDigest(result.outcome), ...(audience ? { audience: audience.id } : {}) };
  }

  #ports(run: JobOf<DeliverTerms>, { life, links, note, signal, work }: JobHost): DeliverJobPorts {
    const { kernel, random, home, engine } = this.#services;
    const { terms } = run;
    const side = sideOf(terms, home.config.organisation);
    const isReceiver = terms.provider !== side;
    return {
      ...life,
      links,
      sorter: kernel,
      random,
      report: (progress) => note(progress),
      admit: () => this.#admit(run),
      keys: async ({ kind, keys, rows }) => {
        const { dataset, audience } = await this.#matched(run);
        const others = work.path('others.rows');
        await writeRows(others, await this.#rowsBeside(this.#rowsOfKind(terms, audience, kind), dataset));
        const { form, [side]: own } = terms.keys[kind]!;
        const source = keySourceOf(home.folder, dataset, { column: own.column, form, network: terms.network });
        const to = { keys: work.path(keys), rows: work.path(rows) };
        return (await engine.extractKeys({ ...source, exclude: others, to }, { signal })).keyCount;
      },
      give: async ({ pairs, lines }) => {
        const { dataset } = await this.#matched(run);
        const report = dataset.report as ImportReport;
        const storedAs = (name: string) => report.attributes.find(({ column }) => column === name)?.storedAs ?? name;
        const given = await engine.giveColumns(
          {
            parquet: resolve(home.folder, dataset.folder, 'rows.parquet'),
            sha256: report.parquet.sha256,
            columns: terms.columns.map(storedAs),
            pairs: work.path(pairs),
            valueCharactersMax,
            to: work.path(lines),
          },
          { signal },
        );
        return given.lines;
      },
      take: async ({ pairs, lines, lineCount, values }) => {
        const of = { lineCount, columns: terms.columns.length, valueCharactersMax };
        const paths = { pairs: work.path(pairs), lines: work.path(lines), to: work.path(values) };
        await engine.takeColumns({ ...of, ...paths }, { signal });
      },
      release: (result) => this.#release(result, isReceiver),
    };
  }

  /** The rules as they are now, and the match as this node knows it. */
  async #admit({ terms, job }: JobOf<DeliverTerms>): Promise<void> {
    await this.#agreements.requireTrue(terms).catch((error: unknown) => {
      throw error instanceof NodeError ? new JobFailure(error.code, error.message, { cause: error }) : error;
    });
    requireAllowed(await this.#agreements.evaluate(terms, job));
  }

  /** The own dataset, and the rows of it that the match found. */
  async #matched({
    terms,
  }: JobOf<DeliverTerms>): Promise<{ readonly dataset: DatasetRow; readonly audience: AudienceRow }> {
    const { store, home } = this.#services;
    const own = terms[sideOf(terms, home.config.organisation)];
    const dataset = await store.datasets.find(own.dataset);
    const audience = await store.audiences.find(audienceId(terms.match.job));
    if (dataset?.status === 'published' && audience?.status === 'ready' && audience.dataset === dataset.id)
      return { dataset, audience };
    throw new JobFailure(
      'dataset-missing',
      `the rows that job ${terms.match.job} matched are not there any more: the dataset was changed or withdrawn; run the match again`,
    );
  }

  /** The file of the rows that a kind of identifier matched first. */
  #rowsOfKind({ keys, match }: DeliverTerms, { filePath }: AudienceRow, kind: number): string {
    const { folder } = this.#services.home;
    if (keys.length === 1) return resolve(folder, filePath);
    const path = resolve(folder, rowsOfKindPath(filePath, kind));
    if (existsSync(path)) return path;
    throw new JobFailure(
      'dataset-missing',
      `this node does not know any more by which kind of identifier job ${match.job} matched its rows; run the match again`,
    );
  }

  async #rowsBeside(path: string, dataset: DatasetRow): Promise<BitSet> {
    const all = new BitSet(dataset.rows);
    for (let row = 0; row < dataset.rows; row++) all.add(row);
    const matched = new BitSet(dataset.rows);
    for await (const rows of readRowList(path, dataset.rows)) for (const row of rows) matched.add(row);
    return all.without(matched);
  }

  /** At the receiver an audience of its matched rows, with the values beside. */
  async #release(result: DeliverResult, isReceiver: boolean): Promise<string> {
    const { home, store, clock } = this.#services;
    const { job, terms, outcome } = result;
    await keepEvidence(home, job, { terms, outcome });
    const digest = createHmac('sha256', home.keys.localSecret).update(job).update(outcome.manifest).digest('hex');
    if (!isReceiver) return digest;
    const { dataset, audience } = await this.#matched(result);
    await mkdir(join(home.folder, 'audiences'), { recursive: true, mode: 0o700 });
    const filePath = `audiences/${job}.rows`;
    await copyWhole(result.values!, join(home.folder, besidePath(filePath)));
    await copyWhole(resolve(home.folder, audience.filePath), join(home.folder, filePath));
    const provider = terms[terms.provider].organisation;
    await store.audiences.create({
      id: audienceId(job),
      job,
      dataset: dataset.id,
      name: `${dataset.name} + ${provider} ${job.slice(-8)}`,
      rows: audience.rows,
      filePath,
      digest,
      atMs: clock.wallMs(),
    });
    return digest;
  }
}
