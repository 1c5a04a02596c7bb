/** What a question would cost and give, before it is asked. It reads no data, promises nothing and costs nothing. */
import { epsilonOf, type MicroRho } from '../../privacy/index.ts';
import { afterCharge, type BudgetAccount, type BudgetSubject, budgetId, budgetWords, priceOf } from '../budget.ts';
import type { Words } from '../words.ts';
import type { CompiledQuery } from './compile/compile.ts';
import { halfWidthOf, sigmaOf } from './release/present.ts';

export interface Preview {
  /** Fewest persons behind a figure. */
  readonly k: number;
  /** Rows of the answer at most, before HAVING and LIMIT. */
  readonly rows: number;
  readonly figures: readonly PreviewedFigure[];
  /** Whose rules were met, each column and use once, in the order of the text. */
  readonly rules: readonly { readonly owner: string; readonly column: string; readonly use: string }[];
  /** What it would cost now; 0 where all of it was answered already. */
  readonly rho: MicroRho;
  readonly isKnown: boolean;
  readonly isExact: boolean;
  readonly budgets: readonly PreviewedBudget[];
}

export interface PreviewedFigure {
  readonly output: string;
  /** σ of its noise and half the width of its 95 % interval; null where it is exact, or calculated from several figures. */
  readonly sigma: number | null;
  readonly halfWidth: number | null;
}

export interface PreviewedBudget {
  readonly subject: BudgetSubject;
  readonly words: Words;
  /** Whether the charge would pass. */
  readonly isEnough: boolean;
  /** Millionths of ρ that would be left. */
  readonly left: MicroRho;
  /** ε at δ = 10⁻⁶ of all that would have been answered about these people. */
  readonly epsilon: number;
}

/**
 * @param known.isKnown whether these receivers have been told a number of that name.
 * @param known.account the account of that id, as it is now.
 */
export function previewQuery(
  query: CompiledQuery,
  known: {
    readonly network: string;
    readonly isKnown: (key: Uint8Array) => boolean;
    readonly account: (id: string) => BudgetAccount | undefined;
  },
): Preview {
  const { vectors, outputs, plan, k } = query;
  const rho = priceOf(vectors, known.isKnown);
  const isKnown = vectors.every(({ keys }) => keys.every(known.isKnown));
  const uses = query.uses.map(({ owner, column, kind }) => ({ owner, column, use: kind }));
  return {
    k,
    rho,
    isKnown,
    rows: query.rows.length,
    figures: outputs.flatMap(({ name, expression }) => {
      if (expression.kind === 'label') return [];
      const vector = expression.kind === 'figure' ? vectors[expression.figure]! : undefined;
      return [{ output: name, sigma: vector ? sigmaOf(vector) : null, halfWidth: vector ? halfWidthOf(vector) : null }];
    }),
    rules: [...new Map(uses.map((use) => [JSON.stringify(use), use])).values()],
    isExact: plan.isExact,
    budgets: budgetSubjects(query, known.network).map((subject) => {
      const account = known.account(budgetId(subject));
      const after = afterCharge(account, { rho, exactTables: plan.isExact && !isKnown ? 1 : 0 });
      const spent = (account?.spent ?? 0) + rho;
      return {
        subject,
        words: account === undefined ? noBudget : budgetWords(account),
        isEnough: typeof after === 'object',
        left: Math.max(0, (account?.total ?? 0) - spent),
        epsilon: epsilonOf(spent),
      };
    }),
  };
}

/** The accounts that a question is charged to. */
export function budgetSubjects({ subjects, asker }: CompiledQuery, network: string): readonly BudgetSubject[] {
  return subjects.map((subject) => ({ ...subject, network, receivers: asker.group }));
}

const noBudget: Words = { en: 'no budget was granted', zh: '尚未授予预算' };
