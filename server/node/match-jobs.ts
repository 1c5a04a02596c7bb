/** Runs of matches at this node: what they take from its datasets, and what they leave behind. */
import { createHash, createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import { type MatchTerms, otherSide, removesMatched, showCounts, sideOf } from '@causeway/core/applications/match';
import { requireAllowed } from '@causeway/core/policy';
import { JobFailure } from '../jobs/life/index.ts';
import {
  type JobReport,
  type KeyRequest,
  MatchJob,
  type MatchJobPorts,
  type MatchResult,
  type MatchRun,
  type OwnList,
} from '../jobs/match/match-job.ts';
import { BitSet } from '../jobs/work/index.ts';
import type { JobEnd } from '../store/index.ts';
import { rowsOfKindPath } from './audience-files.ts';
import { guardDifference } from './difference-guard.ts';
import { keepEvidence } from './evidence.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { keySourceOf } from './key-source.ts';
import type { MatchAgreements } from './match-agreements.ts';
import type { OprfTables } from './oprf-tables.ts';
import { writeRows } from './row-file.ts';
import type { Services } from './services.ts';

/** Share of the work that a stage is, roughly: the group operations are nearly all of it. */
const roundStages = { prepare: 0.05, commit: 0.35, exchange: 0.55, join: 0.05 } as const;
const endStages = { settle: 0.02, release: 0.02 } as const;

export interface MatchJobParts {
  /** This organisation's own rules. */
  readonly rules: Pick<MatchAgreements, 'evaluate'>;
  readonly tables: OprfTables;
  /** Where what was signed says more than the match: see `core/applications/guest`. */
  readonly signed?: AgreementTerms;
  /** Under which name the difference guard remembers the partner; its own, if left out. */
  readonly guardedAs?: string;
}

export class MatchJobs implements JobKind<MatchTerms> {
  readonly #services: Services;
  readonly #parts: MatchJobParts;

  constructor(services: Services, parts: MatchJobParts) {
    this.#services = services;
    this.#parts = parts;
  }

  /** Four for each kind of identifier, then the end. */
  stages({ rounds }: MatchTerms): JobStage[] {
    const ofRounds = rounds.flatMap(({ form }) =>
      Object.entries(roundStages).map(([stage, weight]) => ({ name: `${stage} ${form}`, weight })),
    );
    return [...ofRounds, ...Object.entries(endStages).map(([name, weight]) => ({ name, weight }))];
  }

  async run(job: JobOf<MatchTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const result = await new MatchJob(job, this.#ports(job.terms, host), host.work, host.signal).run();
    const audience = await this.#services.store.audiences.find(audienceId(job.job));
    return {
      counts: showCounts(result.rowCount, result.counts, job.terms.limits.minimumGroupRows),
      outcome: createHash('sha256').update(JSON.stringify(result.outcome)).digest('hex'),
      ...(audience ? { audience: audience.id } : {}),
    };
  }

  #ports({ rounds }: MatchTerms, { life, links, note, signal }: JobHost): MatchJobPorts {
    const { kernel, vole, random } = this.#services;
    return {
      ...life,
      links,
      kernel,
      vole,
      sorter: kernel,
      random,
      oprf: (of) => this.#parts.tables.portsOf(of),
      report: ({ stage, round, done, total }: JobReport) =>
        note({ stage: stage in roundStages ? `${stage} ${rounds[round]!.form}` : stage, done, total }),
      rowCount: async (run) => (await this.#dataset(run)).rows,
      keys: (request) => this.#keys(request, signal),
      admit: (list) => this.#admit(list),
      release: (result) => this.#release(result),
    };
  }

  async #dataset(run: MatchRun) {
    const { store, home } = this.#services;
    const own = run.terms[sideOf(run.terms, home.config.organisation)];
    const row = await store.datasets.find(own.dataset);
    if (row && row.status === 'published') return row;
    throw new JobFailure(
      'dataset-missing',
      `the dataset ${own.dataset} of ${own.organisation} is not there any more, or not published`,
    );
  }

  async #keys({ work, round, files, exclude, ...run }: KeyRequest, signal: AbortSignal): Promise<number> {
    const { home, engine } = this.#services;
    const row = await this.#dataset(run);
    const { form, [sideOf(run.terms, home.config.organisation)]: own } = run.terms.rounds[round]!;
    const { network } = run.terms;
    let excludeFile: string | undefined;
    if (exclude) {
      excludeFile = work.path(`round-${round}.exclude`);
      await writeRows(excludeFile, exclude);
    }
    const extracted = await engine.extractKeys(
      {
        ...keySourceOf(home.folder, row, { column: own.column, form, network }),
        ...(excludeFile ? { exclude: excludeFile } : {}),
        to: { keys: work.path(files.keys), rows: work.path(files.rows) },
      },
      { signal },
    );
    return extracted.keyCount;
  }

  /** The rules as they are now, on the partner's side of a start as well, and those that look at the list itself. */
  async #admit(list: OwnList): Promise<void> {
    const { home } = this.#services;
    const side = sideOf(list.terms, home.config.organisation);
    const other = list.terms[otherSide(side)];
    if (list.round === 0) requireAllowed(await this.#parts.rules.evaluate(list.terms, list.job));
    // Where matched rows leave the later rounds, what is left differs with every match: the first list stands for them all.
    if (list.round > 0 && removesMatched(list.terms)) return;
    await guardDifference(join(home.folder, 'guard'), {
      organisation: home.config.organisation,
      partner: this.#parts.guardedAs ?? other.organisation,
      dataset: other.dataset,
      form: list.terms.rounds[list.round]!.form,
      job: list.job,
      digest: list.digest,
      secret: home.keys.localSecret,
      work: list.work,
      set: list.set,
      sorter: this.#services.kernel,
      keyCount: list.keyCount,
      minimumGroupRows: list.terms.limits.minimumGroupRows,
    });
  }

  /** Makes the audience of a side that learns rows; for every side, the digest that the ledger keeps. */
  async #release(result: MatchResult): Promise<string> {
    const { home, store, clock } = this.#services;
    const { localSecret } = home.keys;
    const digest = createHmac('sha256', localSecret).update(result.job);
    await keepEvidence(home, result.job, { terms: this.#parts.signed ?? result.terms, outcome: result.outcome });
    if (!result.matched) {
      // A small result could be guessed from a plain digest: it is taken under a secret of this node.
      return digest.update(JSON.stringify(result.counts)).digest('hex');
    }
    const rows = new BitSet(result.rowCount);
    for (const matched of result.matched) rows.addAll(matched);
    await mkdir(join(home.folder, 'audiences'), { recursive: true, mode: 0o700 });
    // Kept relative to the home, which may be restored to another place.
    const filePath = `audiences/${result.job}.rows`;
    if (result.matched.length > 1) {
      for (const [kind, matched] of result.matched.entries())
        await writeRows(join(home.folder, rowsOfKindPath(filePath, kind)), matched);
    }
    const value = digest.update(await writeRows(join(home.folder, filePath), rows)).digest('hex');
    const dataset = await this.#dataset(result);
    const partner = result.terms[otherSide(sideOf(result.terms, home.config.organisation))].organisation;
    await store.audiences.create({
      id: audienceId(result.job),
      job: result.job,
      dataset: dataset.id,
      name: `${dataset.name} × ${partner} ${result.job.slice(-8)}`,
      rows: rows.count(),
      filePath,
      digest: value,
      atMs: clock.wallMs(),
    });
    return value;
  }
}

/** Of the audience that a job leaves behind. */
export function audienceId(job: string): string {
  return `aud-${job.replace(/^job-/, '')}`.slice(0, 64);
}
