import type { AgreementTerms } from '@causeway/core/applications/agreement';
import type { InsightTerms } from '@causeway/core/applications/insight/agreement';
import { sumPlanOf } from '@causeway/core/applications/insight/agreement';
import { budgetsOf, type RoomTerms } from '@causeway/core/applications/room';
import type { BudgetState, LedgerState } from '@causeway/core/ledger';
import { evaluatePrivacyBudget, pairRhoMax } from '@causeway/core/policy';
import { privacyCost } from '@causeway/core/protocols/join-sum';
import { describe, expect, it } from 'vitest';
import { roomTermsOf } from '../../core/applications/room/testing/terms.ts';
import { PrivacyAccount } from './privacy-account.ts';

const pair = { partner: 'brand', dataset: 'ds-media' };

/** Media sends, brand learns. */
function insight(rho: number, dataset = 'ds-media'): InsightTerms {
  const list = (organisation: string, of: string) => ({ organisation, dataset: of, rowsAbout: 5000, rowsMax: 5500 });
  return {
    version: 1,
    operation: 'insight',
    network: 'spring-fair',
    protocol: 'join/sum',
    purpose: 'p',
    proposer: list('brand', 'ds-brand'),
    partner: list('media', dataset),
    receiver: 'proposer',
    key: { form: 'phone', proposer: { column: 'm', profile: 'phone' }, partner: { column: 'm', profile: 'phone' } },
    tables: [{ segments: [{ column: 'city', values: ['A', 'B'] }] }],
    columns: [],
    protection: { kind: 'noise', rho, gate: false },
    limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 9, expiresAt: '2030-01-01T00:00:00Z' },
    nonce: '0'.repeat(32),
  };
}

type Job = ReturnType<LedgerState['jobs']>[number];

/** The ledger and the agreements of media's node. */
class Network {
  readonly agreements = new Map<string, AgreementTerms>();
  readonly jobs: Job[] = [];
  readonly budgets: BudgetState[] = [];
  readonly grants: number[] = [];
  readonly account = new PrivacyAccount({
    organisation: 'media',
    state: () => ({
      jobs: () => this.jobs,
      agreements: () => [...this.agreements.keys()].map((agreement) => ({ agreement }) as never),
      budgets: () => this.budgets,
    }),
    terms: async (agreement) => this.agreements.get(agreement),
    grant: async (record) => this.grants[record]!,
  });

  agree(terms: AgreementTerms): string {
    const agreement = `a${this.agreements.size}`;
    this.agreements.set(agreement, terms);
    return agreement;
  }

  start(agreement: string, change: Partial<Job> = {}): string {
    const job = `j${this.jobs.length}`;
    this.jobs.push({ job, agreement, status: 'running', failures: [], ...change } as Job);
    return job;
  }

  grant(terms: RoomTerms): void {
    for (const { owner, subjects, receivers } of budgetsOf(terms)) {
      if (owner !== 'media') continue;
      const known = this.budgets.find((budget) => budget.subjects === subjects && budget.receivers === receivers);
      if (known) (known.records as number[]).push(this.grants.length);
      else
        this.budgets.push({
          owner,
          subjects,
          receivers,
          period: 1,
          rho: terms.budgetRho,
          renewableAtMs: 0,
          records: [this.grants.length],
        });
      this.grants.push(terms.budgetRho);
    }
  }
}

const cost = (terms: InsightTerms) => privacyCost(sumPlanOf(terms))!;

describe('the one account of a partner and a dataset', () => {
  it('[F69] adds insights that ran, and what rooms were granted, and nothing of other datasets, partners or directions', async () => {
    const net = new Network();
    const run = net.agree(insight(5000));
    net.start(run, { status: 'finished' });
    net.start(run);
    net.start(net.agree(insight(5000, 'another')));
    const { proposer, partner } = insight(5000);
    net.start(
      net.agree({
        ...insight(5000),
        receiver: 'partner',
        proposer: partner,
        partner: { ...proposer, organisation: 'other' },
      }),
    );
    expect(await net.account.committed(pair)).toBe(2 * cost(insight(5000)));
    const room = roomTermsOf({ budgetRho: 90_000 });
    net.agree(room);
    expect(net.account.added(room)).toBe(90_000);
    await net.account.reserve(room, async () => {});
    expect(net.account.added(room)).toBe(0);
    expect(await net.account.committed(pair)).toBe(2 * cost(insight(5000)) + 90_000);
    net.grant(room);
    expect(net.account.added(room)).toBe(0);
    expect(await net.account.committed(pair)).toBe(2 * cost(insight(5000)) + 90_000);
    expect(await net.account.committed({ ...pair, partner: 'cinema' })).toBe(0);
    expect((await net.account.spent(pair)).map(({ operation, rho }) => [operation, rho])).toEqual([
      ['insight', cost(insight(5000))],
      ['insight', cost(insight(5000))],
      ['room', 90_000],
    ]);
  });

  it('counts a run that failed once anything was said, and not before', async () => {
    const net = new Network();
    const run = net.agree(insight(5000));
    net.start(run, { status: 'failed', failures: [{ exchanged: false }] as never });
    expect(await net.account.committed(pair)).toBe(0);
    net.start(run, { status: 'failed', failures: [{ exchanged: true }] as never });
    expect(await net.account.committed(pair)).toBe(cost(insight(5000)));
  });

  it('counts every grant of a renewed budget, and a shared budget of two rooms once', async () => {
    const net = new Network();
    const room = roomTermsOf({ budgetRho: 60_000 });
    net.agree(room);
    net.agree(roomTermsOf({ budgetRho: 60_000, nonce: '1'.repeat(32) }));
    net.grant(room);
    expect(await net.account.committed(pair)).toBe(60_000);
    net.grant(room);
    expect(await net.account.committed(pair)).toBe(120_000);
  });

  it('[F69] a room that races insights for the last of it never takes more than there is', async () => {
    for (let round = 0; round < 50; round++) {
      const net = new Network();
      const dear = insight(70_000);
      const room = roomTermsOf({ budgetRho: 150_000 });
      const [run, later] = [net.agree(dear), net.agree(room)];
      expect(later).toBe('a1');
      const evaluate = async (added: number, except?: string) => {
        const rho = { committed: await net.account.committed(pair, except), added };
        return evaluatePrivacyBudget('media', { partner: 'brand', rho }).outcome === 'allowed';
      };
      let spent = 0;
      const insights = Array.from({ length: 3 }, async (_, i) => {
        for (let wait = (round * 7 + i * 5) % 13; wait > 0; wait--) await Promise.resolve();
        const job = net.start(run);
        if (await net.account.inTurn(() => evaluate(cost(dear), job))) spent += cost(dear);
        else Object.assign(net.jobs.find((one) => one.job === job)!, { status: 'failed' });
      });
      const grant = async () => {
        for (let wait = round % 11; wait > 0; wait--) await Promise.resolve();
        const check = async () => {
          if (!(await evaluate(net.account.added(room)))) throw new Error('refused');
        };
        const isIn = await net.account.reserve(room, check).then(
          () => true,
          () => false,
        );
        // The ledger takes its time.
        for (let wait = round % 5; wait > 0; wait--) await Promise.resolve();
        if (!isIn) return;
        net.grant(room);
        spent += room.budgetRho;
      };
      await Promise.all([...insights, grant()]);
      expect(spent, `round ${round}`).toBeLessThanOrEqual(pairRhoMax);
      expect(spent).toBeGreaterThan(0);
    }
  });

  it('names the keeper who alone knows what is left', async () => {
    const net = new Network();
    const room = roomTermsOf();
    net.agree(room);
    const elsewhere = roomTermsOf({ room: 'cloud' });
    expect(await net.account.otherKeeper(elsewhere)).toBeUndefined();
    net.grant(room);
    expect(await net.account.otherKeeper(elsewhere)).toBe('clean');
    expect(await net.account.otherKeeper(roomTermsOf({ nonce: '2'.repeat(32) }))).toBeUndefined();
    expect(await net.account.otherKeeper(roomTermsOf({ room: 'cloud', receivers: ['brand'] }))).toBeUndefined();
  });
});
