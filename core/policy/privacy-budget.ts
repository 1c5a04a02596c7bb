/** What figures with noise may cost the people of one organisation towards one partner, all agreements together. */
import type { Finding } from './finding.ts';

/** Millionths of ρ, for all that one partner ever gets: ε of about 3.5 at δ = 10⁻⁶. */
export const pairRhoMax = 250_000;

/**
 * @param rho.spent by the runs so far, and rho.run what one more costs, in millionths.
 * @returns undefined where figures are exact: no budget holds those.
 */
export function evaluatePrivacyBudget(
  organisation: string,
  { partner, rho }: { readonly partner: string; readonly rho: { readonly spent: number; readonly run: number } },
): Finding {
  const [spent, run, most] = [rho.spent, rho.run, pairRhoMax].map((millionths) => (millionths / 1e6).toFixed(3));
  return {
    rule: 'privacy-budget',
    organisation,
    outcome: rho.spent + rho.run <= pairRhoMax ? 'allowed' : 'refused',
    words: {
      en: `figures with noise about our people may cost ρ = ${most} towards ${partner} in all; ${spent} is spent, and a run costs ${run}. Take fewer cells or columns, or a smaller ρ for each.`,
      zh: `就我方人群向 ${partner} 提供带噪声的数字，总成本至多 ρ = ${most}；已用 ${spent}，每次运行 ${run}。请减少单元或列，或降低各自的 ρ。`,
    },
  };
}
