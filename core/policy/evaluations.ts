/** The budget of evaluations: how many identifiers a partner may try on our tables. */
import type { Finding } from './finding.ts';
import type { Words } from './words.ts';

/**
 * Evaluations that a run asks for, when they are about to be counted.
 * @param left to the partner in these 24 hours, and of the key.
 */
export function evaluateEvaluations(
  organisation: string,
  {
    partner,
    asked,
    left,
  }: { partner: string; asked: number; left: { readonly ofPartner: number; readonly ofKey: number } },
): Finding {
  const words: Words =
    asked > left.ofPartner
      ? {
          en: `${partner} asks for ${asked} evaluations and has ${Math.max(0, left.ofPartner)} left in these 24 hours. Run again tomorrow, bring a smaller list, or let ${organisation} raise the setting evaluationsPerDayMax.`,
          zh: `${partner} 请求 ${asked} 次求值，24 小时内只剩 ${Math.max(0, left.ofPartner)} 次。请明天再运行，使用更小的名单，或由 ${organisation} 提高设置 evaluationsPerDayMax。`,
        }
      : {
          en: `${partner} asks for ${asked} evaluations and the key of the table has ${Math.max(0, left.ofKey)} left: other runs were faster. Run again, and a new key is made.`,
          zh: `${partner} 请求 ${asked} 次求值，而该表的密钥只剩 ${Math.max(0, left.ofKey)} 次：其他运行抢先使用。请再次运行，届时将生成新密钥。`,
        };
  const outcome = asked <= Math.min(left.ofPartner, left.ofKey) ? 'allowed' : 'refused';
  return { rule: 'evaluations', organisation, outcome, words };
}
