/** What a delivery will take: both bring their matched keys into one order, one side writes and seals values, the other opens them and makes rows of them. */
import type { Side } from '../../protocols/index.ts';
import { type Effort, type PlanFacts, rowSeconds, sealedByteSeconds } from '../estimate.ts';
import { type PairPlan, planPair } from '../pair-plan.ts';
import type { DeliverTerms } from './terms.ts';

/**
 * A value in its line, with quotes and a comma: of a town, a tier, a date. What a column really holds is its owner's to know, so that the statement names no
 * bytes, and the plan says what it took instead.
 */
const valueBytes = 12;
/** Writing a line with its values, and making a row of it: seconds of one core, from those of 400,000 rows with one column and with two. */
const writtenSeconds = { line: 0.4e-6, value: 0.7e-6 };
const takenSeconds = { line: 1.5e-6, value: 0.15e-6 };

export function planDelivery(terms: DeliverTerms, side: Side, facts: PlanFacts): PairPlan {
  // How many matched the parties know, and a plan does not tell.
  const rows = Math.min(terms.proposer.rowsAbout, terms.partner.rowsAbout);
  const bytes = rows * (terms.columns.length * valueBytes + 2);
  const effort = (of: Side) => effortOf(terms, of, { rows, bytes });
  const run = { protocol: 'hpke', lists: terms, keys: terms.keys, effortOf: effort, bytes };
  const { words, ...plan } = planPair(run, side, facts);
  return {
    ...plan,
    words: {
      en: `As if all of the shorter list had matched, and a value were ${valueBytes} bytes. ${words.en}`,
      zh: `按较短名单全部匹配、每个值 ${valueBytes} 字节计。${words.zh}`,
    },
  };
}

function effortOf(
  terms: DeliverTerms,
  side: Side,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): Effort {
  const each = side === terms.provider ? writtenSeconds : takenSeconds;
  const perRow = rowSeconds + each.line + terms.columns.length * each.value;
  return { points: 0, coreSeconds: rows * perRow + sealedByteSeconds * bytes };
}
