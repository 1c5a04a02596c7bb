/** Loading rooms at this node, as keeper or contributor: what it takes from its datasets, and what it leaves behind. */
import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  audiencePlaceOf,
  contributionsOf,
  layoutOf,
  outcomeDigest,
  type RoomContribution,
  type RoomTerms,
} from '@causeway/core/applications/room';
import { requireAllowed } from '@causeway/core/policy';
import type { ImportReport } from '../engine/index.ts';
import { writeWhole } from '../home/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import {
  budgetsToGrant,
  ContributeJob,
  type ContributePorts,
  KeepJob,
  type KeepPorts,
  listName,
  type RoomReport,
  type RoomResult,
  type RoomRun,
} from '../jobs/room/index.ts';
import { RoomFolder } from '../rooms/index.ts';
import type { JobEnd } from '../store/index.ts';
import type { JobStage } from './job-progress.ts';
import type { JobHost, JobKind, JobOf } from './jobs.ts';
import { keySourceOf } from './key-source.ts';
import type { PrivacyAccount } from './privacy-account.ts';
import type { RoomAgreements } from './room-agreements.ts';
import type { Services } from './services.ts';

/** Share of the work that a stage is, roughly. */
const ofList = { prepare: 0.05, commit: 0.25, exchange: 0.4, pseudonyms: 0.2 } as const;
const ofUpload = { encode: 0.05, seal: 0.05, upload: 0.1 } as const;
const ofRoom = { open: 0.05, receive: 0.6, load: 0.3 } as const;
const ofEnd = { settle: 0.02, release: 0.02 } as const;

export class RoomJobs implements JobKind<RoomTerms> {
  readonly #services: Services;
  readonly #agreements: RoomAgreements;
  readonly #privacy: PrivacyAccount;

  constructor(services: Services, agreements: RoomAgreements, privacy: PrivacyAccount) {
    this.#services = services;
    this.#agreements = agreements;
    this.#privacy = privacy;
  }

  stages(terms: RoomTerms): JobStage[] {
    const named = (weights: Readonly<Record<string, number>>, of = '') =>
      Object.entries(weights).map(([stage, weight]) => ({ name: `${stage}${of}`, weight }));
    const { organisation } = this.#services.home.config;
    if (terms.room === organisation) return [...named(ofRoom), ...named(ofEnd)];
    const lists = contributionsOf(terms, organisation).flatMap((own) =>
      terms.rounds.flatMap(({ form }) => named(ofList, ` ${listName(terms, own, form)}`)),
    );
    return [{ name: 'join', weight: 0.02 }, ...lists, ...named(ofUpload), ...named(ofEnd)];
  }

  async run(job: JobOf<RoomTerms>, host: JobHost): Promise<Omit<JobEnd, 'status' | 'atMs'>> {
    const { organisation } = this.#services.home.config;
    const result =
      job.terms.room === organisation
        ? await new KeepJob(job, this.#keepPorts(host), host.work, host.signal).run()
        : await new ContributeJob(job, this.#contributePorts(host), host.work, host.signal).run();
    return { outcome: outcomeDigest(result.outcome) };
  }

  #keepPorts({ life, links, note, signal }: JobHost): KeepPorts {
    const { random, software } = this.#services;
    return {
      ...life,
      links,
      random,
      software: `causeway ${software}`,
      admit: (run) => this.#admit(run),
      load: async ({ job, terms, uploads }) => {
        const folder = this.#folder(job);
        await folder.make();
        const secret = Buffer.from(await folder.secret()).toString('hex');
        const tables = uploads.map(({ table, rows }) => ({ layout: layoutOf(terms, table), rows }));
        const placesOf = audiencePlaceOf(terms);
        const to = { folder: folder.tables, ...(placesOf === undefined ? {} : { placesOf }) };
        await this.#services.engine.loadRoom({ tables, secret, ...to }, { signal });
      },
      discard: ({ job }) => this.#folder(job).erase(),
      release: (result) => this.#release(result),
      report: (report: RoomReport) => note(report),
    };
  }

  #contributePorts({ life, links, note, signal }: JobHost): ContributePorts {
    const { kernel, random, engine, home, clock } = this.#services;
    return {
      ...life,
      links,
      kernel,
      sorter: kernel,
      random,
      rowCount: async ({ of }) => (await this.#dataset(of)).rows,
      keys: async ({ work, round, files, of, terms }) => {
        const row = await this.#dataset(of);
        const { form, columns } = terms.rounds[round]!;
        const { column } = columns.find(({ table }) => table === of.table)!;
        const source = keySourceOf(home.folder, row, { column, form, network: terms.network });
        const to = { keys: work.path(files.keys), rows: work.path(files.rows) };
        return (await engine.extractKeys({ ...source, to }, { signal })).keyCount;
      },
      admit: (run) => this.#admit(run),
      budgetsToGrant: ({ terms }) =>
        budgetsToGrant(terms, {
          organisation: home.config.organisation,
          state: life.ledger.state,
          wallMs: clock.wallMs(),
        }),
      encode: async ({ work, pseudonyms, to, of: own, ...run }) => {
        const row = await this.#dataset(own);
        const report = row.report as ImportReport;
        const layout = layoutOf(run.terms, own.table);
        const storedAs = (column: string) =>
          report.attributes.find((attribute) => attribute.column === column)?.storedAs ?? column;
        const columns = layout.columns.map(({ name }) => {
          const { column, longitude } = own.columns.find((mapped) => mapped.name === name)!;
          return longitude === undefined
            ? { column: storedAs(column) }
            : { column: storedAs(column), longitude: storedAs(longitude) };
        });
        const rowsByPlace =
          audiencePlaceOf(run.terms) === own.place ? await this.#folder(run.job).makeRowsByPlace() : undefined;
        const { rows } = await engine.encodeRoomTable(
          {
            parquet: resolve(home.folder, row.folder, 'rows.parquet'),
            sha256: report.parquet.sha256,
            layout,
            columns,
            pseudonyms: pseudonyms.map((name) => work.path(name)),
            orderSecret: Buffer.from(random.bytes(32)).toString('hex'),
            to: work.path(to),
            ...(rowsByPlace === undefined ? {} : { rowsByPlace }),
          },
          { signal },
        );
        return rows;
      },
      release: (result) => this.#release(result),
      report: (report: RoomReport) => note(report),
    };
  }

  /** The rules as they are now; what the room will be granted is taken from then on. */
  #admit({ terms }: RoomRun): Promise<void> {
    return this.#privacy.reserve(terms, async () => requireAllowed(await this.#agreements.evaluate(terms)));
  }

  async #dataset({ dataset, organisation }: RoomContribution) {
    const row = await this.#services.store.datasets.find(dataset);
    if (row && row.status === 'published') return row;
    throw new JobFailure(
      'dataset-missing',
      `the dataset ${dataset} of ${organisation} is not there any more, or not published`,
    );
  }

  /** What evidence needs beside the ledger: the outcome in full. */
  async #release(result: RoomResult): Promise<string> {
    const { home } = this.#services;
    const folder = join(home.folder, 'evidence');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const content = JSON.stringify({ terms: result.terms, outcome: result.outcome });
    await writeWhole(join(folder, `${result.job}.json`), content);
    return createHmac('sha256', home.keys.localSecret).update(result.job).update(content).digest('hex');
  }

  #folder(job: string): RoomFolder {
    return new RoomFolder(this.#services.home.folder, job);
  }
}
