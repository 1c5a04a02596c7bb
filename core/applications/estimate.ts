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

/** What another node brings to a run of several, and what the way to it carries. */
export interface OtherNode {
  readonly organisation: string;
  /** Left out where it could not be asked: it is then planned as a machine like this one. */
  readonly capacity?: Capacity | undefined;
  /** Left out where it was not measured: the transfer is then not reckoned with. */
  readonly link?: LinkSpeed | undefined;
}

/** As {@link PlanFacts}, for a run of any number of nodes. */
export interface GroupFacts extends Pick<PlanFacts, 'own' | 'sharesMachine' | 'between'> {
  readonly others: readonly OtherNode[];
}

/** What a side has to compute. */
export interface Effort {
  /** Points to decode, multiply and encode, or what costs as much. */
  readonly points: number;
  /** Everything else, in seconds of one core. */
  readonly coreSeconds: number;
}

/** Part of a run in which all nodes work at the same time; the next one begins when the slowest is done. */
export interface Stage {
  readonly own: Effort;
  /** In the order of the facts: what another node computes, and the bytes between it and this one in both directions. */
  readonly others: readonly { readonly effort: Effort; readonly bytes: number }[];
}

/** Beginning and ending a run, however small the lists are: through two nodes and the ledger, or between two processes. */
const overheadSeconds = { nodes: 2.5, direct: 0.5 } as const;

// What efforts reckon with, measured once and kept here for all protocols.

/** Finding a row, hashing it to its key, and bringing the keys into order: seconds of one core a row. */
export const rowSeconds = 1.2e-6;
/** Hashing to the group and multiplying, in multiplications of a point that is there. */
export const blindingPoints = 1.25;
/** Committing to a byte and sealing it: seconds of one core, 2.1 of 104 MB; opening it and holding it to its commitment takes no longer. */
export const sealedByteSeconds = 2e-8;

/** @param run what each side computes, and the bytes of both directions. @returns seconds from start to end, to two digits. */
export function secondsAbout(
  run: { readonly own: Effort; readonly partner: Effort; readonly bytes: number },
  { partner: capacity, link, ...facts }: PlanFacts,
): number {
  const stage = { own: run.own, others: [{ effort: run.partner, bytes: run.bytes }] };
  return groupSecondsAbout([stage], { ...facts, others: [{ organisation: 'partner', capacity, link }] });
}

/** @returns seconds from start to end, to two digits. */
export function groupSecondsAbout(stages: readonly Stage[], facts: GroupFacts): number {
  const seconds = stages.reduce((sum, stage) => sum + stageSeconds(stage, facts), 0);
  return Number((overheadSeconds[facts.between] + seconds).toPrecision(2));
}

function stageSeconds(stage: Stage, { own, others, sharesMachine }: GroupFacts): number {
  const coreSeconds = ({ points, coreSeconds }: Effort, { cores, pointsPerSecond }: Capacity) =>
    (points * cores) / pointsPerSecond + coreSeconds;
  const nodes = [
    { effort: stage.own, capacity: own },
    ...stage.others.map(({ effort }, i) => ({ effort, capacity: others[i]?.capacity ?? own })),
  ];
  const computing = sharesMachine
    ? nodes.reduce((sum, { effort, capacity }) => sum + coreSeconds(effort, capacity), 0) / own.cores
    : Math.max(...nodes.map(({ effort, capacity }) => coreSeconds(effort, capacity) / capacity.cores));
  // All of it goes over this node's one line.
  const transfer = stage.others.reduce((sum, { bytes }, i) => {
    const link = others[i]?.link;
    return link ? sum + bytes / link.bytesPerSecond : sum;
  }, 0);
  // Arithmetic and transfer go on side by side, in batches.
  return Math.max(computing, transfer);
}

/** What the estimate rests on. */
export function basisOf({ own, partner, link, sharesMachine }: PlanFacts): Words {
  const speed = link && speedOf(link);
  return {
    en: `Reckoned with the kernels here (${rateOf(own)}) and at the partner (${partner ? rateOf(partner) : notAsked.en}), and a link of ${speed ?? 'unknown speed'}${sharesMachine ? '; both nodes share this machine' : ''}.`,
    zh: `按本方内核（${rateOf(own)}）、对方内核（${partner ? rateOf(partner) : notAsked.zh}）和链路（${speed ?? '速度未知'}）估算${sharesMachine ? '；两个节点共用本机' : ''}。`,
  };
}

/** What the estimate of a run of several rests on, each of them named. */
export function groupBasisOf({ own, others, sharesMachine }: GroupFacts): Words {
  const nodes = others.map(({ organisation, capacity, link }) => ({
    en: `at ${organisation} (${capacity ? rateOf(capacity) : notAsked.en}; ${link ? speedOf(link) : 'a link of unknown speed'})`,
    zh: `${organisation}（${capacity ? rateOf(capacity) : notAsked.zh}；${link ? speedOf(link) : '链路速度未知'}）`,
  }));
  return {
    en: `Reckoned with the kernels here (${rateOf(own)}), ${nodes.map(({ en }) => en).join(', ')}${sharesMachine ? '; all nodes share this machine' : ''}.`,
    zh: `按本方内核（${rateOf(own)}）、${nodes.map(({ zh }) => zh).join('、')}估算${sharesMachine ? '；所有节点共用本机' : ''}。`,
  };
}

const notAsked: Words = { en: 'could not be asked: taken as here', zh: '未能询问，按与本方相同计' };

function rateOf({ kernel, pointsPerSecond }: Capacity): string {
  return `${kernel}, ${Math.round(pointsPerSecond / 1000)} k/s`;
}

function speedOf({ bytesPerSecond, roundTripMs }: LinkSpeed): string {
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${Math.round(roundTripMs)} ms`;
}
