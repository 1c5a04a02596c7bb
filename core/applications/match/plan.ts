/**
 * What a run will take, said before it starts, and which other protocol could run it. An estimate from the published sizes, from what both
 * sides measured of themselves and of the way between them; nothing but words depends on it.
 */
import type { KernelName } from '../../group/index.ts';
import { type MatchProtocol, matchProtocols } from '../../protocols/index.ts';
import type { Words } from '../words.ts';
import { protocolOf } from './protocol.ts';
import { type MatchTerms, otherSide } from './terms.ts';

/** What a node brings to a run. */
export interface Capacity {
  readonly kernel: KernelName;
  readonly cores: number;
  /** Points decoded, multiplied and encoded a second, by all cores together. */
  readonly pointsPerSecond: number;
}

/** What the way between two nodes carries. */
export interface LinkSpeed {
  readonly bytesPerSecond: number;
  readonly roundTripMs: number;
}

export interface PlanFacts {
  readonly own: Capacity;
  /** Left out where the partner could not be asked: it is then planned as a machine like this one. */
  readonly partner?: Capacity | undefined;
  /** Left out where it was not measured: the transfer is then not reckoned with. */
  readonly link?: LinkSpeed | undefined;
  /** Whether both nodes run on one machine, and share its cores. */
  readonly sharesMachine: boolean;
  /** What runs it: two nodes with their ledger, or two processes by themselves. */
  readonly between: keyof typeof overheadSeconds;
}

export interface MatchPlan extends Estimate {
  readonly kernel: string;
  readonly rounds: readonly {
    readonly mine: string;
    readonly theirs: string;
    readonly key: string;
    readonly form: string;
  }[];
  readonly rowsAbout: { readonly mine: number; readonly theirs: number };
  /** Why this protocol, and what the estimate rests on. */
  readonly words: Words;
  /** The others that could run these terms, the fastest first. */
  readonly alternatives: readonly (Estimate & { readonly words: Words })[];
}

export interface Estimate {
  readonly protocol: MatchProtocol;
  readonly secondsAbout: number;
  readonly bytesAbout: number;
}

/** Beginning and ending a run, however small the lists are: through two nodes and the ledger, or between two processes. */
const overheadSeconds = { nodes: 2.5, direct: 0.5 } as const;
/** Before another protocol is named, it has to be so many times as fast. */
const worthNaming = 1.5;

export function planMatch(terms: MatchTerms, side: 'proposer' | 'partner', facts: PlanFacts): MatchPlan {
  const [own, other] = [terms[side], terms[otherSide(side)]];
  const chosen = estimate(terms, side, facts);
  const alternatives = matchProtocols
    .map((protocol) => ({ ...terms, protocol }))
    .filter((candidate) => candidate.protocol !== terms.protocol && canRun(candidate, facts))
    .map((candidate) => estimate(candidate, side, facts))
    .toSorted((a, b) => a.secondsAbout - b.secondsAbout)
    .map((candidate) => ({ ...candidate, words: comparison(candidate, chosen) }));
  return {
    ...chosen,
    kernel: facts.own.kernel,
    rounds: terms.rounds.map((round) => ({
      key: round.form,
      mine: round[side].column,
      theirs: round[otherSide(side)].column,
      form: round.form,
    })),
    rowsAbout: { mine: own.rowsAbout, theirs: other.rowsAbout },
    words: basis(facts),
    alternatives,
  };
}

function canRun(terms: MatchTerms, facts: PlanFacts): boolean {
  const protocol = protocolOf(terms);
  const kernels = [facts.own.kernel, facts.partner?.kernel ?? facts.own.kernel];
  return protocol !== undefined && protocol.refusal(terms) === undefined && kernels.every(protocol.runsOn);
}

function estimate(terms: MatchTerms, side: 'proposer' | 'partner', facts: PlanFacts): Estimate {
  const { own, link, sharesMachine } = facts;
  const partner = facts.partner ?? own;
  const protocol = protocolOf(terms);
  if (!protocol) throw new RangeError(`${terms.protocol} cannot be run by this version`);
  const rounds = terms.rounds.length;
  const coreSeconds = (of: 'proposer' | 'partner', { kernel, cores, pointsPerSecond }: Capacity) => {
    const effort = protocol.effort(terms, of, kernel);
    return rounds * ((effort.points * cores) / pointsPerSecond + effort.coreSeconds);
  };
  const [ours, theirs] = [coreSeconds(side, own), coreSeconds(otherSide(side), partner)];
  const computing = sharesMachine ? (ours + theirs) / own.cores : Math.max(ours / own.cores, theirs / partner.cores);
  const bytes = rounds * protocol.bytesAbout(terms);
  // Arithmetic and transfer go on side by side, in batches.
  const seconds = Math.max(computing, link ? bytes / link.bytesPerSecond : 0);
  const secondsAbout = Number((overheadSeconds[facts.between] + seconds).toPrecision(2));
  return { protocol: terms.protocol, secondsAbout, bytesAbout: bytes };
}

/** What the estimate rests on. */
function basis({ own, partner, link, sharesMachine }: PlanFacts): Words {
  const rate = ({ kernel, pointsPerSecond }: Capacity) => `${kernel}, ${Math.round(pointsPerSecond / 1000)} k/s`;
  const speed = link && `${(link.bytesPerSecond / 1e6).toFixed(1)} MB/s, ${Math.round(link.roundTripMs)} ms`;
  return {
    en: `Reckoned with the kernels here (${rate(own)}) and at the partner (${partner ? rate(partner) : 'could not be asked: taken as here'}), and a link of ${speed ?? 'unknown speed'}${sharesMachine ? '; both nodes share this machine' : ''}.`,
    zh: `按本方内核（${rate(own)}）、对方内核（${partner ? rate(partner) : '未能询问，按与本方相同计'}）和链路（${speed ?? '速度未知'}）估算${sharesMachine ? '；两个节点共用本机' : ''}。`,
  };
}

function comparison(other: Estimate, chosen: Estimate): Words {
  const name = other.protocol.replace('psi/', '');
  const times = chosen.secondsAbout / other.secondsAbout;
  if (times < worthNaming) {
    return {
      en: `no gain: about ${other.secondsAbout} s.`,
      zh: `速度无明显优势：约 ${other.secondsAbout} 秒。`,
    };
  }
  return {
    en: `About ${times.toFixed(1)} times as fast (${other.secondsAbout} s). It runs only where the agreement names it: --protocol ${name}. Read what it rests on first.`,
    zh: `约快 ${times.toFixed(1)} 倍（${other.secondsAbout} 秒）。仅在协议点名时运行：--protocol ${name}。请先了解其所依赖的假设。`,
  };
}
