/** What figures with noise may cost the people of one dataset towards one partner, all agreements and applications together. */
import type { Finding } from './finding.ts';

/** Millionths of ρ, for all that one partner ever gets: ε of about 3.5 at δ = 10⁻⁶. */
export const pairRhoMax = 250_000;

/** @param of.rho.committed what was spent or granted so far, and of.rho.added what a run costs or a room is granted, in millionths. */
export function evaluatePrivacyBudget(
  organisation: string,
  { partner, rho }: { readonly partner: string; readonly rho: { readonly committed: number; readonly added: number } },
): Finding {
  const [committed, added, most] = [rho.committed, rho.added, pairRhoMax].map((millionths) =>
    (millionths / 1e6).toFixed(3),
  );
  return {
    rule: 'privacy-budget',
    organisation,
    outcome: rho.committed + rho.added <= pairRhoMax ? 'allowed' : 'refused',
    budget: { partner, ...rho, most: pairRhoMax },
    words: {
      en: `figures with noise about our people may cost ρ = ${most} towards ${partner} in all; ${committed} is spent or granted to rooms, and this takes ${added}. Take fewer cells or columns, a smaller ρ for each, or a smaller budget.`,
      zh: `就我方人群向 ${partner} 提供带噪声的数字，总成本至多 ρ = ${most}；已用或已授予房间 ${committed}，本次需要 ${added}。请减少单元或列，降低各自的 ρ，或减小预算。`,
    },
  };
}

/** A budget is kept where answers are given, so two rooms that draw on the same one have the same keeper. */
export function evaluateKeeper(
  organisation: string,
  { keeper, other }: { readonly keeper: string; readonly other: string },
): Finding {
  return {
    rule: 'privacy-budget',
    organisation,
    outcome: 'refused',
    words: {
      en: `a room at ${other} draws on the same budget of our people, and only ${other} knows what is left of it: ${keeper} cannot keep another. Let ${other} keep this room, or name other people.`,
      zh: `${other} 处的房间已使用我方同一人群的预算，只有 ${other} 知道剩余多少：${keeper} 不能再托管另一个。请由 ${other} 托管本房间，或指定其他人群。`,
    },
  };
}
