/** Agreements on insights: terms made of what both sides have published and what is asked for, the own rules on them, and what a run would take. */
import {
  type InsightTerms,
  insightSideOf,
  planFigures,
  senderSide,
  sumPlanOf,
} from '@causeway/core/applications/insight/agreement';
import { otherSide } from '@causeway/core/applications/match';
import type { DatasetDescription } from '@causeway/core/ledger';
import { defaultPolicy, evaluatePolicy, evaluatePrivacyBudget, type Finding } from '@causeway/core/policy';
import { privacyCost } from '@causeway/core/protocols/join-sum';
import { NodeError } from '../home/index.ts';
import type { AgreementKind, Plan } from './agreements.ts';
import type { PrivacyAccount } from './privacy-account.ts';
import { factsOfPair, pairOf, planFactsOf, roundOf } from './proposal.ts';
import type { Services } from './services.ts';

export interface InsightProposal {
  readonly with: string;
  readonly mine: string;
  readonly theirs: string;
  /** A kind of identifier, or an own column. */
  readonly key: string;
  /** Who learns the figures. */
  readonly receiver: 'me' | 'them';
  readonly tables: readonly {
    readonly segments: readonly { readonly column: string; readonly values: readonly string[] }[];
  }[];
  readonly columns: readonly Readonly<InsightTerms['columns'][number]>[];
  readonly protection: InsightTerms['protection'];
  readonly purpose: string;
  readonly uses: number;
  readonly expiresAt?: string | undefined;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
}

const defaultDays = 30;

export class InsightAgreements implements AgreementKind<InsightTerms> {
  readonly #services: Services;
  readonly #account: PrivacyAccount;

  constructor(services: Services, account: PrivacyAccount) {
    this.#services = services;
    this.#account = account;
  }

  /** Makes the terms of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async terms(proposal: InsightProposal): Promise<InsightTerms> {
    const { common, descriptions } = await pairOf(this.#services, proposal, defaultDays);
    const { form, proposer, partner } = roundOf(proposal.key, ...descriptions, proposal.with);
    const [own, theirs] = descriptions;
    const sender = proposal.receiver === 'me' ? theirs : own;
    requireAttributes(sender, proposal);
    const terms: InsightTerms = {
      version: 1,
      operation: 'insight',
      ...common,
      protocol: 'join/sum',
      receiver: proposal.receiver === 'me' ? 'proposer' : 'partner',
      key: {
        form,
        proposer: { column: proposer.column, profile: proposer.profile },
        partner: { column: partner.column, profile: partner.profile },
      },
      tables: proposal.tables.map(({ segments }) => ({
        segments: segments.map(({ column, values }) => ({ column, values: [...values] })),
      })),
      columns: [...proposal.columns],
      protection: proposal.protection,
    };
    return terms;
  }

  /** What this node could not run is not agreed to. */
  requireRunnable(): void {
    if (this.#services.sums) return;
    throw new NodeError('native-library-missing', 'join/sum needs the native library, which this node does not have', {
      remedy: 'install a C++ compiler and run "npm run build:native"',
    });
  }

  async evaluate(terms: InsightTerms, job?: string): Promise<Finding[]> {
    const { home } = this.#services;
    const { organisation } = home.config;
    const side = insightSideOf(terms, organisation);
    const { minimumListRows, minimumGroupRows } = await this.#services.settings();
    const other = terms[otherSide(side)];
    const findings = evaluatePolicy(
      organisation,
      { ...defaultPolicy, minimumListRows, minimumGroupRows },
      {
        ...(await factsOfPair(this.#services, { own: terms[side], other, limits: terms.limits, job })),
        limits: terms.limits,
        densities: [],
      },
    );
    const run = privacyCost(sumPlanOf(terms));
    if (run === undefined || side !== senderSide(terms)) return findings;
    const pair = { partner: other.organisation, dataset: terms[side].dataset };
    const committed = await this.#account.inTurn(() => this.#account.committed(pair, job));
    return [
      ...findings,
      evaluatePrivacyBudget(organisation, { partner: other.organisation, rho: { committed, added: run } }),
    ];
  }

  async plan(terms: InsightTerms): Promise<Plan> {
    const side = insightSideOf(terms, this.#services.home.config.organisation);
    const parties = [terms.proposer.organisation, terms.partner.organisation] as const;
    const plan = planFigures(terms, side, await planFactsOf(this.#services, parties));
    return { ...plan, rounds: [...plan.rounds], alternatives: [] };
  }
}

function requireAttributes({ attributes }: DatasetDescription, { tables, columns }: InsightProposal): void {
  const known = attributes.map(({ column }) => column);
  const wanted = [...tables.flatMap(({ segments }) => segments), ...columns].map(({ column }) => column);
  const missing = wanted.find((column) => !known.includes(column));
  if (missing === undefined) return;
  throw new NodeError('terms-refused', `the dataset with the segments has no attribute ${missing}`, {
    remedy: `choose among ${known.join(', ') || 'none'}`,
  });
}
