/**
 * What a run between two nodes will take, said before it starts: an estimate from the published sizes, from what both sides measured of themselves and of
 * the way between them. Nothing but words depends on it.
 */
import type { KernelName } from '../group/index.ts';
import type { Words } from './words.ts';

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

/** What a side has to compute. */
export interface Effort {
  /** Points to decode, multiply and encode, or what costs as much. */
  readonly points: number;
  /** Everything else, in seconds of one core. */
  readonly coreSeconds: number;
}

/** Beginning and ending a run, however small the lists are: through two nodes and the ledger, or between two processes. */
const overheadSeconds = { nodes: 2.5, direct: 0.5 } as const;

// What efforts reckon with, measured once and kept here for all protocols.

/** Finding a row, hashing it to its key, and bringing the keys into order: seconds of one core a row. */
export const rowSeconds = 1.2e-6;
/** Hashing to the group and multiplying, in multiplications of a point that is there. */
export const blindingPoints = 1.25;

/** @param run what each side computes, and the bytes of both directions. @returns seconds from start to end, to two digits. */
export function secondsAbout(
  run: { readonly own: Effort; readonly partner: Effort; readonly bytes: number },
  { own, partner = own, link, sharesMachine, between }: PlanFacts,
): number {
  const coreSeconds = ({ points, coreSeconds }: Effort, { cores, pointsPerSecond }: Capacity) =>
    (points * cores) / pointsPerSecond + coreSeconds;
  const [ours, theirs] = [coreSeconds(run.own, own), coreSeconds(run.partner, partner)];
  const computing = sharesMachine ? (ours + theirs) / own.cores : Math.max(ours / own.cores, theirs / partner.cores);
  // Arithmetic and transfer go on side by side, in batches.
  const seconds = Math.max(computing, link ? run.bytes / link.bytesPerSecond : 0);
  return Number((overheadSeconds[between] + seconds).toPrecision(2));
}

/** What the estimate rests on. */
export function basisOf({ own, partner, link, sharesMachine }: PlanFacts): Words {
  const rate = ({ kernel, pointsPerSecond }: Capacity) => `${kernel}, ${Math.round(pointsPerSecond / 1000)} k/s`;
  const speed = link && `${(link.bytesPerSecond / 1e6).toFixed(1)} MB/s, ${Math.round(link.roundTripMs)} ms`;
  return {
    en: `Reckoned with the kernels here (${rate(own)}) and at the partner (${partner ? rate(partner) : 'could not be asked: taken as here'}), and a link of ${speed ?? 'unknown speed'}${sharesMachine ? '; both nodes share this machine' : ''}.`,
    zh: `按本方内核（${rate(own)}）、对方内核（${partner ? rate(partner) : '未能询问，按与本方相同计'}）和链路（${speed ?? '速度未知'}）估算${sharesMachine ? '；两个节点共用本机' : ''}。`,
  };
}

interface PlannedKey {
  readonly form: string;
  readonly proposer: { readonly column: string };
  readonly partner: { readonly column: string };
}

/** What a plan says to one side of a kind of identifier. */
export function plannedRound(
  key: PlannedKey,
  side: 'proposer' | 'partner',
): { readonly key: string; readonly form: string; readonly mine: string; readonly theirs: string } {
  const other = side === 'proposer' ? 'partner' : 'proposer';
  return { key: key.form, mine: key[side].column, theirs: key[other].column, form: key.form };
}
