/** What a run will take, said before it starts. */
import type { KernelName } from '../../group/index.ts';
import { protocolOf } from './protocol.ts';
import type { MatchTerms } from './terms.ts';

export interface MatchPlan {
  readonly protocol: string;
  readonly kernel: string;
  readonly rounds: readonly {
    readonly mine: string;
    readonly theirs: string;
    readonly key: string;
    readonly form: string;
  }[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  readonly secondsAbout: number;
  readonly bytesAbout: number;
}

/** Group operations a second and core that a kernel is planned with; measured figures replace them once a node has run. */
export const plannedRate: Record<KernelName, number> = { ifma: 180_000, avx2: 60_000, portable: 20_000, wasm: 9_000 };
/** Finding, hashing, storing and joining a row, beside the group operations. */
const rowSeconds = 4e-6;

export function planMatch(
  terms: MatchTerms,
  side: 'proposer' | 'partner',
  kernel: { readonly name: KernelName; readonly operationsPerSecond?: number; readonly cores: number },
): MatchPlan {
  const own = terms[side];
  const other = terms[side === 'proposer' ? 'partner' : 'proposer'];
  const rounds = terms.rounds.length;
  const rate = (kernel.operationsPerSecond ?? plannedRate[kernel.name]) * kernel.cores;
  const operations = rounds * (own.rowsAbout + other.rowsAbout);
  return {
    protocol: terms.protocol,
    kernel: kernel.name,
    rounds: terms.rounds.map((round) => ({
      key: round.form,
      mine: round[side].column,
      theirs: round[side === 'proposer' ? 'partner' : 'proposer'].column,
      form: round.form,
    })),
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    secondsAbout: Math.ceil(operations / rate + rounds * (own.rowsAbout + other.rowsAbout) * rowSeconds),
    bytesAbout: rounds * (protocolOf(terms)?.bytesAbout(terms) ?? 0),
  };
}
