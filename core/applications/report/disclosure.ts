/** Who learns which numbers of a report, generated from its plan alone: both sides read the same text before they agree. */
import { grouped, type Words } from '../words.ts';
import { fixed } from './format.ts';
import type { PlannedTable, ReportPlan } from './plan.ts';

/** How the numbers are protected: zero-concentrated noise of `rho` for each table, or exact values of groups that reach a minimum. */
export type Protection =
  | { readonly kind: 'noise'; readonly rho: number; readonly minimumGroup: number }
  | { readonly kind: 'exact'; readonly minimumGroup: number };

export interface ReportDisclosure {
  readonly report: ReportPlan['report'];
  readonly receivers: readonly string[];
  readonly learns: readonly { readonly table: string; readonly numbers: number; readonly words: Words }[];
  /** What the numbers rest on. */
  readonly assumptions: readonly Words[];
}

/** Standard deviation of the discrete Gaussian that a table of sensitivity Δ takes for ρ-zCDP: Δ/√(2ρ). */
export function noiseDeviation({ sensitivity }: Pick<PlannedTable, 'sensitivity'>, rho: number): number {
  return sensitivity / Math.sqrt(2 * rho);
}

/** @param receivers organisations, as the agreement names them. */
export function discloseReport(
  plan: ReportPlan,
  receivers: readonly string[],
  protection: Protection,
): ReportDisclosure {
  return {
    report: plan.report,
    receivers,
    learns: plan.tables.map((table) => ({
      table: table.name,
      numbers: table.numbers,
      words: tableWords(table, receivers, protection),
    })),
    assumptions: [groups(protection), protection.kind === 'noise' ? noise(plan, protection.rho) : noGuarantee],
  };
}

function tableWords(table: PlannedTable, receivers: readonly string[], protection: Protection): Words {
  const { numbers, words } = table;
  const sigma = protection.kind === 'noise' ? fixed(noiseDeviation(table, protection.rho), 1) : undefined;
  return {
    en: `${receivers.join(', ')} ${receivers.length === 1 ? 'learns' : 'learn'} ${words.en} (${grouped(numbers)} ${numbers === 1 ? 'number' : 'numbers'}, ${sigma === undefined ? 'exact' : `with noise σ = ${sigma}`})`,
    zh: `${receivers.join('、')} 得知${words.zh}（${grouped(numbers)} 个数字，${sigma === undefined ? '精确值' : `加噪 σ = ${sigma}`}）`,
  };
}

function groups({ minimumGroup }: Protection): Words {
  return {
    en: `Groups of fewer than ${grouped(minimumGroup)} people are not shown, and are told to be left out. No row of anybody leaves its owner.`,
    zh: `少于 ${grouped(minimumGroup)} 人的分组不显示，并会注明已略去。任何一方的行级数据都不会离开其所有者。`,
  };
}

function noise({ tables }: ReportPlan, rho: number): Words {
  const spent = fixed(rho * tables.length, 3);
  return {
    en: `Noise hides whether any one person is in the data: ρ = ${spent} is charged to the budget (zero-concentrated differential privacy).`,
    zh: `噪声使任何个人是否在数据中无从判断：从预算中扣除 ρ = ${spent}（零集中差分隐私）。`,
  };
}

const noGuarantee: Words = {
  en: 'Exact results carry no mathematical guarantee against repeated questions.',
  zh: '精确结果对反复提问没有数学上的保证。',
};
