/**
 * ρ in the terms that people know, (ε, δ)-differential privacy, by the tightest conversion that is known for zCDP (Canonne, Kamath,
 * Steinke, arXiv 2004.00010, corollary 13): δ(ε) = inf over α > 1 of e^((α−1)(αρ−ε)) · (1−1/α)^α / (α−1).
 *
 * For display alone: accounts are kept in ρ.
 */
import type { MicroRho } from './accountant.ts';

/** The δ at which this project states ε. */
export const statedDelta = 1e-6;

/** The smallest ε with δ(ε) ≤ delta. */
export function epsilonOf(rho: MicroRho, delta: number = statedDelta): number {
  if (rho === 0) return 0;
  const perRho = rho / 1e6;
  // Each α gives an ε that holds; with α = 1 + e^x the bound has one minimum in x, found by golden section.
  const at = (x: number): number => epsilonAtOrder(1 + Math.exp(x), perRho, delta);
  const section = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-30, 60];
  for (let i = 0; i < 200; i++) {
    const left = high - section * (high - low);
    const right = low + section * (high - low);
    if (at(left) < at(right)) high = right;
    else low = left;
  }
  return Math.max(0, at((low + high) / 2));
}

/** ε at one order, with logarithms throughout: the factors themselves leave the range of a double. */
function epsilonAtOrder(alpha: number, rho: number, delta: number): number {
  return alpha * rho + (alpha * Math.log1p(-1 / alpha) - Math.log(delta) - Math.log(alpha - 1)) / (alpha - 1);
}
