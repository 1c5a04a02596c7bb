/** What a delivery will take: both bring their matched keys into one order, one side writes and seals values, the other opens them and makes rows of them. */
import {
  basisOf,
  type Effort,
  type PlanFacts,
  plannedRound,
  rowSeconds,
  sealedByteSeconds,
  secondsAbout,
} from '../estimate.ts';
import { otherSide } from '../match/index.ts';
import type { Words } from '../words.ts';
import type { DeliverTerms } from './terms.ts';

type Side = 'proposer' | 'partner';

export interface DeliverPlan {
  readonly protocol: 'hpke';
  readonly kernel: string;
  readonly rounds: readonly ReturnType<typeof plannedRound>[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  readonly secondsAbout: number;
  /** At most about so many: see {@link valueBytes}. */
  readonly bytesAbout: number;
  /** What the estimate rests on. */
  readonly words: Words;
}

/**
 * A value in its line, with quotes and a comma: of a town, a tier, a date. What a column really holds is its owner's to know, so that the statement names no
 * bytes, and the plan says what it took instead.
 */
const valueBytes = 12;
/** Seconds of one core, of 400,000 rows with one and with two columns: writing a line and its values, and making a row of it. */
const writtenSeconds = { line: 0.4e-6, value: 0.7e-6 };
const takenSeconds = { line: 1.5e-6, value: 0.15e-6 };

export function planDelivery(terms: DeliverTerms, side: Side, facts: PlanFacts): DeliverPlan {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  // How many matched the parties know, and a plan does not tell.
  const rows = Math.min(own.rowsAbout, other.rowsAbout);
  const bytes = rows * (terms.columns.length * valueBytes + 2);
  const run = {
    own: effortOf(terms, side, { rows, bytes }),
    partner: effortOf(terms, otherSide(side), { rows, bytes }),
    bytes,
  };
  const basis = basisOf(facts);
  return {
    protocol: 'hpke',
    kernel: facts.own.kernel,
    rounds: terms.keys.map((key) => plannedRound(key, side)),
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    secondsAbout: secondsAbout(run, facts),
    bytesAbout: bytes,
    words: {
      en: `As if all of the shorter list had matched, and a value were ${valueBytes} bytes. ${basis.en}`,
      zh: `按较短名单全部匹配、每个值 ${valueBytes} 字节计。${basis.zh}`,
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
