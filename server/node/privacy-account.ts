/**
 * What figures with noise may have told a partner about a dataset, all applications together: every insight that ran, and every budget that rooms were granted,
 * whole, for a room's keeper spends it without asking. So however a room's questions, its reports and insights race, together they stay below one limit. Matches
 * have no figures with noise: what they count is rounded.
 */

import { type AgreementTerms, agreementId } from '@causeway/core/applications/agreement';
import { senderSide, sumPlanOf } from '@causeway/core/applications/insight/agreement';
import { budgetsOf, contributionsOf, type RoomTerms } from '@causeway/core/applications/room';
import { decodeRecord, type LedgerState } from '@causeway/core/ledger';
import { privacyCost } from '@causeway/core/protocols/join-sum';
import { termsOf } from './agreements.ts';
import type { Services } from './services.ts';

/** Whose figures, towards whom. */
export interface PrivacyPair {
  readonly partner: string;
  /** Of the own organisation. */
  readonly dataset: string;
}

/** One thing that was told, or may be: a run of an insight, or what rooms of one account were granted. */
export interface PrivacySpending {
  readonly operation: 'insight' | 'room';
  readonly agreement: string;
  readonly purpose: string;
  /** Whose user started the run; of a grant, who keeps the room. */
  readonly by: string;
  readonly atMs: number | undefined;
  /** Millionths of ρ. */
  readonly rho: number;
}

/** What the account is read from. */
export interface PrivacyFacts {
  readonly organisation: string;
  /** Of the ledger, as it is now. */
  readonly state: () => Pick<LedgerState, 'jobs' | 'agreements' | 'budgets'>;
  /** Of an agreement that this organisation is a party to. */
  readonly terms: (agreement: string) => Promise<AgreementTerms | undefined>;
  /** Millionths of ρ that a record of the ledger grants. */
  readonly grant: (record: number) => Promise<number>;
}

export function privacyFacts({ home, network, store }: Services): PrivacyFacts {
  return {
    organisation: home.config.organisation,
    state: () => network.ledger.state,
    terms: async (agreement) => {
      const row = await store.agreements.find(agreement);
      return row && termsOf(row);
    },
    grant: async (record) => {
      const [leaf] = await store.ledger.range(record, 1);
      const entry = leaf && decodeRecord(new Uint8Array(leaf.leaf)).entry;
      if (entry?.type !== 'budget.granted') throw new Error(`the ledger's record ${record} is no grant`);
      return entry.body.rho;
    },
  };
}

export class PrivacyAccount {
  readonly #facts: PrivacyFacts;
  /** Budgets, by account, that rooms were let in for and that the ledger does not show yet: millionths of ρ. */
  readonly #reserved = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(facts: PrivacyFacts) {
    this.#facts = facts;
  }

  /** Looks at what is left, one look after the other. An insight's run is on the ledger before it looks, so it finds a room's reservation, or is found. */
  inTurn<Result>(look: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(look);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** @param check whether the room may be let in. @throws what it throws; nothing is reserved then. */
  reserve(terms: RoomTerms, check: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      await check();
      for (const name of this.#open(terms)) this.#reserved.set(name, terms.budgetRho);
    });
  }

  /** Millionths of ρ. @param except a run that does not count. */
  async committed(pair: PrivacyPair, except?: string): Promise<number> {
    return (await this.spent(pair, except)).reduce((sum, { rho }) => sum + rho, 0);
  }

  /** What {@link committed} adds up. */
  async spent(pair: PrivacyPair, except?: string): Promise<readonly PrivacySpending[]> {
    return [...(await this.#insights(pair, except)), ...(await this.#rooms(pair))];
  }

  /** What a room's terms would add: the budgets of their sets of people, but for those that are granted or reserved already. */
  added(terms: RoomTerms): number {
    return this.#open(terms).length * terms.budgetRho;
  }

  /** The keeper of an earlier room that draws on the same budget and is another one: it alone knows what is left. */
  async otherKeeper(terms: RoomTerms): Promise<string | undefined> {
    const { organisation } = this.#facts;
    const names = accountsOf(terms, organisation).filter((name) => this.#isGranted(name));
    for (const other of await this.#roomTerms()) {
      if (other.room === terms.room) continue;
      if (accountsOf(other, organisation).some((name) => names.includes(name))) return other.room;
    }
    return undefined;
  }

  async #insights({ partner, dataset }: PrivacyPair, except: string | undefined): Promise<PrivacySpending[]> {
    const { organisation, state, terms: termsOfAgreement } = this.#facts;
    const spent: PrivacySpending[] = [];
    for (const { job, agreement, status, failures, startedBy, startedAtMs } of state().jobs()) {
      // A run that failed before anything was said of anybody has cost nothing.
      const isFree = status === 'failed' && !failures.some(({ exchanged }) => exchanged);
      if (job === except || isFree) continue;
      const terms = await termsOfAgreement(agreement);
      if (terms?.operation !== 'insight' || terms[terms.receiver].organisation !== partner) continue;
      const sender = terms[senderSide(terms)];
      if (sender.organisation !== organisation || sender.dataset !== dataset) continue;
      const { operation, purpose } = terms;
      const rho = privacyCost(sumPlanOf(terms)) ?? 0;
      spent.push({ operation, agreement, purpose, by: startedBy, atMs: startedAtMs, rho });
    }
    return spent;
  }

  /** By account: rooms that draw on one are named by the first of them. */
  async #rooms({ partner, dataset }: PrivacyPair): Promise<PrivacySpending[]> {
    const { organisation, state, grant } = this.#facts;
    const rooms = (await this.#roomTerms()).filter(
      (terms) =>
        terms.receivers.includes(partner) &&
        contributionsOf(terms, organisation).some((own) => own.dataset === dataset),
    );
    const first = new Map<string, RoomTerms>();
    for (const terms of rooms)
      for (const name of accountsOf(terms, organisation)) if (!first.has(name)) first.set(name, terms);
    const granted = new Map(
      state()
        .budgets({ owner: organisation })
        .map((budget) => [accountOf(budget), budget]),
    );
    return Promise.all(
      [...first].map(async ([name, terms]) => {
        const budget = granted.get(name);
        const rhos = await Promise.all((budget?.records ?? []).map(grant));
        const rho = budget === undefined ? (this.#reserved.get(name) ?? 0) : rhos.reduce((sum, one) => sum + one, 0);
        const { operation, purpose, room: by } = terms;
        return { operation, agreement: agreementId(terms), purpose, by, atMs: undefined, rho };
      }),
    );
  }

  #open(terms: RoomTerms): readonly string[] {
    const names = new Set(accountsOf(terms, this.#facts.organisation));
    return [...names].filter((name) => !this.#isGranted(name) && !this.#reserved.has(name));
  }

  #isGranted(name: string): boolean {
    const { organisation, state } = this.#facts;
    return state()
      .budgets({ owner: organisation })
      .some((budget) => accountOf(budget) === name);
  }

  /** Of every room that this organisation brings rows to. */
  async #roomTerms(): Promise<readonly RoomTerms[]> {
    const { organisation, state, terms: termsOfAgreement } = this.#facts;
    const agreements = state().agreements({ party: organisation });
    const terms = await Promise.all(agreements.map(({ agreement }) => termsOfAgreement(agreement)));
    return terms.filter(
      (each) => each?.operation === 'room' && contributionsOf(each, organisation).length > 0,
    ) as RoomTerms[];
  }
}

function accountsOf(terms: RoomTerms, organisation: string): readonly string[] {
  return budgetsOf(terms).flatMap((budget) => (budget.owner === organisation ? [accountOf(budget)] : []));
}

function accountOf({ subjects, receivers }: { readonly subjects: string; readonly receivers: string }): string {
  return `${subjects}/${receivers}`;
}
