/**
 * The budget of a set of people: how much all answers about them, taken together, may tell one group of receivers. It belongs to the people, not to a dataset,
 * an agreement, an account or a clock; it grows only by a grant that the people's organisation signs on the ledger.
 *
 * Amounts are whole millionths of ρ (`core/privacy`). The decisions are pure; `server/store` takes the same ones in one transaction.
 */
import type { MicroRho } from '../privacy/index.ts';
import type { Words } from './words.ts';

/** Whose account it is. */
export interface BudgetSubject {
  /** The organisation whose people they are, and its name for them. */
  readonly owner: string;
  readonly subjects: string;
  readonly network: string;
  /** The receivers that could put their answers together, by one name. */
  readonly receivers: string;
}

export interface BudgetAccount extends BudgetSubject {
  readonly id: string;
  /** Of the last grant, from 1. */
  readonly period: number;
  /** What may be spent in all, and what was. */
  readonly total: MicroRho;
  readonly spent: MicroRho;
  /** Tables that were answered exactly, which ρ cannot count. */
  readonly exactTables: number;
  /** Milliseconds since the epoch, in the ledger's time: no grant comes before. */
  readonly renewableAtMs: number;
}

/** A grant as the ledger has it. */
export interface BudgetGrant extends BudgetSubject {
  readonly period: number;
  readonly rho: MicroRho;
  readonly renewableAtMs: number;
}

export interface BudgetCharge {
  readonly rho: MicroRho;
  readonly exactTables: number;
}

/** Exact tables that one set of people allows one group of receivers; after them, noise alone. */
export const exactTablesMax = 64;

/** Names hold no slash. Accounts are always taken in the order of their ids, so that two charges never wait for each other in a circle. */
export function budgetId({ network, owner, subjects, receivers }: BudgetSubject): string {
  return [network, owner, subjects, receivers].join('/');
}

export type BudgetRefusal = 'no-budget' | 'budget-exhausted' | 'exact-tables-used';

/** @returns the account after the charge, or why it cannot be made. */
export function afterCharge(account: BudgetAccount | undefined, charge: BudgetCharge): BudgetAccount | BudgetRefusal {
  if (account === undefined) return 'no-budget';
  const spent = account.spent + charge.rho;
  const exactTables = account.exactTables + charge.exactTables;
  if (spent > account.total) return 'budget-exhausted';
  if (exactTables > exactTablesMax) return 'exact-tables-used';
  return { ...account, spent, exactTables };
}

/**
 * The account after a grant: its amount can be spent, and nothing that was left before. Seen twice, or out of order, a grant changes nothing.
 * @returns undefined where the grant is not the next one.
 */
export function afterGrant(account: BudgetAccount | undefined, grant: BudgetGrant): BudgetAccount | undefined {
  if (grant.period !== (account?.period ?? 0) + 1) return undefined;
  const { owner, subjects, network, receivers, period, renewableAtMs } = grant;
  const spent = account?.spent ?? 0;
  return {
    id: budgetId(grant),
    owner,
    subjects,
    network,
    receivers,
    period,
    renewableAtMs,
    total: spent + grant.rho,
    spent,
    exactTables: account?.exactTables ?? 0,
  };
}

/** A vector of numbers that is charged as one; numbers that these receivers have been told already are free. */
export interface PricedVector {
  readonly cost: MicroRho;
  readonly keys: readonly Uint8Array[];
}

/** What vectors cost whoever knows some of their numbers: a vector with any new number costs all, for its noise was made for the whole. */
export function priceOf(vectors: readonly PricedVector[], isKnown: (key: Uint8Array) => boolean): MicroRho {
  return vectors.reduce((sum, { cost, keys }) => (keys.length > 0 && keys.every(isKnown) ? sum : sum + cost), 0);
}

/** A charge that was refused; nothing was spent. */
export class BudgetRefused extends Error {
  override readonly name = 'BudgetRefused';
  readonly code: BudgetRefusal;
  readonly account: BudgetSubject;
  readonly words: Words;

  constructor(
    code: BudgetRefusal,
    of: { readonly subject: BudgetSubject; readonly account: BudgetAccount | undefined },
  ) {
    const words = refusalWords(code, of.subject, of.account);
    super(words.en);
    this.code = code;
    this.account = of.subject;
    this.words = words;
  }
}

/** `0.0050 of 0.2500`. */
export function budgetWords({ spent, total, renewableAtMs }: BudgetAccount): Words {
  const day = new Date(renewableAtMs).toISOString().slice(0, 10);
  return {
    en: `budget used ${shownRho(spent)} of ${shownRho(total)}, can be renewed from ${day}`,
    zh: `预算已用 ${shownRho(spent)}，共 ${shownRho(total)}，${day} 起可续期`,
  };
}

/** ρ with four digits after the point, rounded against the one who asks. */
export function shownRho(rho: MicroRho): string {
  return (Math.ceil(rho / 100) / 10_000).toFixed(4);
}

function refusalWords(
  code: BudgetRefusal,
  { owner, subjects, receivers }: BudgetSubject,
  account: BudgetAccount | undefined,
): Words {
  const whose = { en: `${owner}/${subjects} for ${receivers}`, zh: `${owner}/${subjects} 对 ${receivers}` };
  switch (code) {
    case 'no-budget':
      return {
        en: `${whose.en}: no budget was granted. ${owner} has to sign one.`,
        zh: `${whose.zh}：尚未授予预算，需由 ${owner} 签署。`,
      };
    case 'budget-exhausted': {
      const used = account === undefined ? { en: '', zh: '' } : budgetWords(account);
      return {
        en: `${whose.en}: ${used.en}. The question would cost more than is left.`,
        zh: `${whose.zh}：${used.zh}。剩余预算不足。`,
      };
    }
    case 'exact-tables-used':
      return {
        en: `${whose.en}: all ${exactTablesMax} exact tables are used up. Ask with noise.`,
        zh: `${whose.zh}：${exactTablesMax} 次精确表已用完，请使用加噪结果。`,
      };
  }
}
