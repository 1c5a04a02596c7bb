/**
 * The tables of psi/oprf in this node: which it serves to partners and which it was sent, where they lie, and what their keys have answered.
 * They are made ahead or by the first job that needs them, and brought up to date by the next one.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type MatchTerms, otherSide, sideOf } from '@causeway/core/applications/match';
import { evaluateEvaluations, PolicyDenied } from '@causeway/core/policy';
import { evaluationsOfEpoch } from '@causeway/core/protocols/psi-oprf';
import type { ImportReport, TaskOptions } from '../engine/index.ts';
import {
  buildSortedSet,
  canAnswer,
  type EvaluationBudget,
  ledgerKeys,
  OneAtATime,
  type OprfPorts,
  readServed,
  type ServedTable,
  serveList,
} from '../jobs/match/oprf/index.ts';
import { openWorkFolder } from '../jobs/work/index.ts';
import type { DatasetRow } from '../store/index.ts';
import { isOfFile, keySourceOf, nameOfSource } from './key-source.ts';
import type { OperationOptions } from './local-operations.ts';
import { dayMs } from './proposal.ts';
import type { Services } from './services.ts';

/** A table that this node serves, for people. */
export interface ServedView {
  readonly partner: string;
  readonly form: string;
  readonly table: ServedTable['table'];
  readonly bytes: number;
  readonly preparedAtMs: number;
  /** Whether it is of the dataset as it is now. */
  readonly isCurrent: boolean;
  /** Evaluations that its key has answered, of 2^evaluationBits. */
  readonly spent: number;
}

interface Round {
  readonly job: string;
  readonly terms: MatchTerms;
  readonly round: number;
}

/** What a table is prepared for, before there is a run. */
export interface Preparation {
  readonly dataset: DatasetRow;
  readonly partner: string;
  /** Columns, each with the form that the partner's identifiers are compared in. */
  readonly forms: readonly { readonly column: string; readonly form: string }[];
  /** Distinct identifiers that the partner may bring to a run. */
  readonly partnerRowsMax: number;
  readonly newKey: boolean;
}

export class OprfTables {
  readonly #services: Services;
  readonly #order = new OneAtATime();

  constructor(services: Services) {
    this.#services = services;
  }

  /** At a start: lists that were on their way into a table when the last process ended. What was tagged of them is in the table's own folder. */
  async open(): Promise<void> {
    await rm(this.#workFolder, { recursive: true, force: true });
  }

  /** What a round of a job needs, at the side that holds the table or at the one that asks. */
  async portsOf({ job, terms, round }: Round): Promise<OprfPorts> {
    const { network, home, clock } = this.#services;
    const side = sideOf(terms, home.config.organisation);
    const [own, other] = [terms[side], terms[otherSide(side)]];
    const { form, [side]: id } = terms.rounds[round]!;
    if (own.learns === 'rows') {
      const scope = { owner: other.organisation, dataset: other.dataset, form, partner: own.organisation };
      return {
        ...(await this.#place('held', scope.owner, scope.dataset, form)),
        source: async () => '',
        keys: ledgerKeys(network.ledger, scope, clock),
        budget: noBudget,
        evaluationsOfEpoch: 0,
        nowMs: () => clock.wallMs(),
      };
    }
    const dataset = (await this.#services.store.datasets.find(own.dataset))!;
    const served = { dataset, partner: other.organisation, column: id.column, form, partnerRowsMax: other.rowsMax };
    return this.#serving(served, { job, round });
  }

  /** Makes the tables for a partner, or brings them up to date. @returns how many rows each of them has. */
  async prepare(preparation: Preparation, options: OperationOptions): Promise<readonly ServedView[]> {
    for (const { column, form } of preparation.forms) {
      await this.#prepareOne({ ...preparation, column, form }, options);
    }
    const forms = new Set(preparation.forms.map(({ form }) => form));
    const tables = await this.ofDataset(preparation.dataset);
    return tables.filter(({ partner, form }) => partner === preparation.partner && forms.has(form));
  }

  /** The tables that are served of a dataset. */
  async ofDataset({ id, report }: DatasetRow): Promise<readonly ServedView[]> {
    const served = join(this.#folder, 'served');
    const { sha256 } = (report as ImportReport).parquet;
    const views: ServedView[] = [];
    for (const partner of await namesIn(served)) {
      for (const name of await namesIn(join(served, partner, id))) {
        const form = decodeURIComponent(name);
        const state = await readServed(await openWorkFolder(join(served, partner, id, name)));
        if (!state) continue;
        const { table, bytes, preparedAtMs, source } = state;
        const key = { partner, dataset: id, form, epoch: table.epoch };
        const spent = await this.#services.store.evaluations.ofKey(key);
        views.push({ partner, form, table, bytes, preparedAtMs, isCurrent: isOfFile(source, sha256), spent });
      }
    }
    return views;
  }

  /** Removes a dataset's tables with their keys. What was counted of their evaluations stays counted. */
  async remove(dataset: string): Promise<void> {
    const served = join(this.#folder, 'served');
    for (const partner of await namesIn(served)) {
      await rm(join(served, partner, dataset), { recursive: true, force: true });
    }
  }

  async #prepareOne(
    of: Omit<Preparation, 'forms'> & { readonly column: string; readonly form: string },
    { signal, onProgress }: OperationOptions,
  ): Promise<void> {
    const { kernel, random, engine, network, home } = this.#services;
    const { form, newKey } = of;
    const evaluations = of.partnerRowsMax;
    const ports = await this.#serving(of, undefined);
    const served = await readServed(ports.tables);
    const isCurrent = served?.source === (await ports.source()) && (await canAnswer(served, ports, evaluations));
    if (isCurrent && !newKey) return;
    const folder = join(this.#workFolder, `${of.partner} ${of.dataset.id} ${encodeURIComponent(form)}`);
    const work = await openWorkFolder(folder);
    const task: TaskOptions = { signal, onProgress: (progress) => onProgress({ ...progress, stage: `read ${form}` }) };
    try {
      const to = { keys: work.path('keys'), rows: work.path('rows') };
      const source = keySourceOf(home.folder, of.dataset, {
        column: of.column,
        form,
        network: network.ledger.log.network,
      });
      const { keyCount } = await engine.extractKeys({ ...source, to }, task);
      const set = await buildSortedSet(work, { keys: 'keys', set: 'set' }, keyCount, kernel);
      const tagged = (done: number) =>
        onProgress({ stage: `tag ${form}`, done, total: set.keyCount, unit: 'rows', rows: done });
      tagged(0);
      await serveList({
        ports,
        kernel,
        sorter: kernel,
        random,
        list: { work, file: 'set', set },
        evaluations,
        newEpoch: newKey,
        signal,
        onProgress: tagged,
      });
    } finally {
      await work.erase();
    }
  }

  async #serving(
    {
      dataset,
      partner,
      column,
      form,
      partnerRowsMax,
    }: { dataset: DatasetRow; partner: string; column: string; form: string; partnerRowsMax: number },
    round: { readonly job: string; readonly round: number } | undefined,
  ): Promise<OprfPorts> {
    const { network, home, clock } = this.#services;
    const { ledger } = network;
    const scope = { owner: home.config.organisation, dataset: dataset.id, form, partner };
    return {
      ...(await this.#place('served', partner, dataset.id, form)),
      source: async () =>
        nameOfSource(keySourceOf(home.folder, dataset, { column, form, network: ledger.log.network })),
      keys: ledgerKeys(ledger, scope, clock),
      budget: this.#budget({ partner, dataset: dataset.id, form }, round),
      evaluationsOfEpoch: evaluationsOfEpoch(partnerRowsMax),
      nowMs: () => clock.wallMs(),
    };
  }

  #budget(
    key: { readonly partner: string; readonly dataset: string; readonly form: string },
    round: { readonly job: string; readonly round: number } | undefined,
  ): EvaluationBudget {
    const { store, clock, home } = this.#services;
    return {
      spent: (epoch) => store.evaluations.ofKey({ ...key, epoch }),
      spend: async ({ epoch, evaluations, limit }) => {
        if (!round) throw new RangeError('evaluations are counted for a round of a job');
        const { evaluationsPerDayMax } = await this.#services.settings();
        const atMs = clock.wallMs();
        const { counted, left } = await store.evaluations.spend(
          { ...key, ...round, epoch, evaluations, atMs },
          { ofPartner: evaluationsPerDayMax, ofKey: limit, sinceMs: atMs - dayMs },
        );
        if (counted) return;
        const asked = { partner: key.partner, asked: evaluations, left };
        throw new PolicyDenied([evaluateEvaluations(home.config.organisation, asked)]);
      },
    };
  }

  async #place(
    kind: 'served' | 'held',
    partner: string,
    dataset: string,
    form: string,
  ): Promise<Pick<OprfPorts, 'tables' | 'alone'>> {
    const folder = join(this.#folder, kind, partner, dataset, encodeURIComponent(form));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return { tables: await openWorkFolder(folder), alone: (work) => this.#order.run(folder, work) };
  }

  get #folder(): string {
    return join(this.#services.home.folder, 'tables');
  }

  get #workFolder(): string {
    return join(this.#folder, 'work');
  }
}

/** The side that asks spends nothing. */
const noBudget: EvaluationBudget = { spent: async () => 0, spend: async () => {} };

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
