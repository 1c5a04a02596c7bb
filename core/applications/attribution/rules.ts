/**
 * How one order is shared out among its touches: whole millionths, each share rounded down and the remainder given to the last touch, so that the
 * shares of an order are one order.
 */
import { creditsPerOrder, type RuleModel } from './settings.ts';

/** Of the first and of the last touch; those between share the rest. */
const positionEnd = 0.4 * creditsPerOrder;
/** Weights of decay are whole numbers too: their sum does not depend on the order of the touches. */
const decayScale = 2 ** 30;

/**
 * @param ages seconds before the order, of `count` touches from the first to the last.
 * @param credits receives `count` shares.
 */
export function shareOrder(
  model: RuleModel,
  ages: Int32Array,
  count: number,
  halfLifeSeconds: number,
  credits: Int32Array,
): void {
  const last = count - 1;
  switch (model) {
    case 'first':
      credits.fill(0, 0, count);
      credits[0] = creditsPerOrder;
      return;
    case 'last':
      credits.fill(0, 0, count);
      credits[last] = creditsPerOrder;
      return;
    case 'linear':
      credits.fill(Math.floor(creditsPerOrder / count), 0, last);
      break;
    case 'position':
      if (count <= 2) credits.fill(creditsPerOrder / count, 0, last);
      else {
        credits[0] = positionEnd;
        credits.fill(Math.floor((creditsPerOrder - 2 * positionEnd) / (count - 2)), 1, last);
      }
      break;
    case 'decay':
      decay(ages, count, halfLifeSeconds, credits);
      break;
  }
  let given = 0;
  for (let i = 0; i < last; i++) given += credits[i]!;
  credits[last] = creditsPerOrder - given;
}

/** Shares in proportion to 2^(−age / half-life), but for the last touch. */
function decay(ages: Int32Array, count: number, halfLifeSeconds: number, credits: Int32Array): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += decayWeight(ages[i]!, halfLifeSeconds);
  for (let i = 0; i < count - 1; i++) {
    const dividend = creditsPerOrder * decayWeight(ages[i]!, halfLifeSeconds);
    const share = Math.floor(dividend / sum);
    // Both are exact; only the quotient was rounded, perhaps up to a whole number.
    credits[i] = share * sum > dividend ? share - 1 : share;
  }
}

function decayWeight(age: number, halfLifeSeconds: number): number {
  return Math.max(1, Math.round(decayScale * 2 ** (-age / halfLifeSeconds)));
}

/** `⌊value · credit / one order⌋`, exact for values up to 10¹² units either side of 0. */
export function shareValue(value: number, credit: number): number {
  const whole = Math.floor(value / creditsPerOrder);
  return whole * credit + Math.floor(((value - whole * creditsPerOrder) * credit) / creditsPerOrder);
}
