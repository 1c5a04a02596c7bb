/**
 * The steps of a room from a question to its answer, with everything in memory: what a node does with its store and its ledger, for the attacks that
 * the tests try.
 */

import { join } from 'node:path';
import { bytesToHex } from '@causeway/core/bytes';
import {
  afterCharge,
  afterGrant,
  type BudgetAccount,
  BudgetRefused,
  type BudgetSubject,
  budgetId,
  priceOf,
} from '@causeway/core/policy';
import {
  type Answer,
  budgetSubjects,
  type Catalogue,
  type CompiledQuery,
  compileQuery,
  presentAnswer,
  type ReleasedNumbers,
  type ReleasedSet,
  releaseExact,
  requireShortText,
  requireTellable,
  trueNumbers,
  withNoise,
} from '@causeway/core/policy/query';
import { testFolder } from '../../testing/context.ts';
import { readPersonSets } from '../person-sets.ts';
import { run } from './ask.ts';
import type { RoomData } from './data.ts';
import type { Parser } from './parser.ts';
import { asker } from './rules.ts';

export interface Asked {
  readonly answer: Answer;
  readonly query: CompiledQuery;
  readonly numbers: ReleasedNumbers;
  readonly rho: number;
}

export class TestRoom {
  readonly accounts = new Map<string, BudgetAccount>();
  /** Questions that went to the data. */
  runs = 0;
  readonly #data: RoomData;
  readonly #parser: Parser;
  readonly #catalogue: Catalogue;
  readonly #isStrict: boolean;
  readonly #secret = new Uint8Array(32).fill(42);
  readonly #answers = new Map<string, { readonly numbers: ReleasedNumbers } | { readonly error: unknown }>();
  readonly #known = new Set<string>();
  readonly #told: { readonly known: ReleasedSet[]; readonly released: ReleasedSet[] } = { known: [], released: [] };

  constructor(of: { data: RoomData; parser: Parser; catalogue: Catalogue; rho?: number; isStrict?: boolean }) {
    this.#data = of.data;
    this.#parser = of.parser;
    this.#catalogue = of.catalogue;
    this.#isStrict = of.isStrict ?? false;
    for (const { owner, subjects } of of.catalogue.tables) {
      const subject: BudgetSubject = { owner, subjects, network: of.catalogue.network, receivers: asker.group };
      this.accounts.set(
        budgetId(subject),
        afterGrant(undefined, { ...subject, period: 1, rho: of.rho ?? 250_000, renewableAtMs: 0 })!,
      );
    }
  }

  /** @throws {QueryRefused} @throws {BudgetRefused} */
  async ask(text: string): Promise<Asked> {
    requireShortText(text);
    const query = compileQuery({ tree: await this.#parser.tree(text), catalogue: this.#catalogue, asker });
    const rho = this.#answers.has(query.queryKey) ? 0 : this.#charge(query);
    if (!this.#answers.has(query.queryKey)) this.#answers.set(query.queryKey, await this.#release(query));
    const settled = this.#answers.get(query.queryKey)!;
    if ('error' in settled) throw settled.error;
    return { query, rho, numbers: settled.numbers, answer: presentAnswer(query, settled.numbers) };
  }

  get spent(): number {
    return Math.max(...[...this.accounts.values()].map(({ spent }) => spent));
  }

  #charge(query: CompiledQuery): number {
    const rho = priceOf(query.vectors, (key) => this.#known.has(bytesToHex(key)));
    const charged = budgetSubjects(query, this.#catalogue.network).map((subject) => {
      const account = this.accounts.get(budgetId(subject));
      const after = afterCharge(account, { rho, exactTables: query.plan.isExact ? 1 : 0 });
      if (typeof after === 'string') throw new BudgetRefused(after, { subject, account });
      return after;
    });
    for (const account of charged) this.accounts.set(account.id, account);
    for (const { keys } of query.vectors) for (const key of keys) this.#known.add(bytesToHex(key));
    return rho;
  }

  async #release(query: CompiledQuery): Promise<{ readonly numbers: ReleasedNumbers } | { readonly error: unknown }> {
    this.runs++;
    if (!query.plan.isExact) {
      return { numbers: withNoise(query, trueNumbers(query, await run(query, this.#data)), this.#secret) };
    }
    const path = join(testFolder(), 'persons');
    const people = this.#catalogue.tables
      .filter(({ name }) => this.#data.tables.some((table) => table.name === name))
      .map(({ owner, name, person }) => ({ owner, table: name, person }));
    const report = await run(query, this.#data, { personSets: { path, people } });
    const guard = await readPersonSets(path, report.guard!);
    const { numbers, sets } = releaseExact(query, trueNumbers(query, report), guard);
    try {
      const { known, released } = this.#told;
      const told = { known: [...known, ...guard.known], released };
      requireTellable({ sets, told, k: query.k, isStrict: this.#isStrict });
      known.push(...guard.known);
      released.push(...sets);
      return { numbers };
    } catch (error) {
      // Paid for and remembered: a refusal tells something too.
      return { error };
    }
  }
}
