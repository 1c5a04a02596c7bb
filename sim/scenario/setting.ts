/** What a seed decides of a run whatever is run in it: lists, time, the network and what goes wrong. */
import type { LineFaults } from '../world/line.ts';
import type { Luck } from '../world/luck.ts';
import type { Happening } from './happenings.ts';
import type { Row } from './lists.ts';
import { type Organisation, organisations, type Party } from './organisations.ts';

export interface Setting {
  readonly seed: number;
  /** Who orders the ledger. */
  readonly operator: Organisation;
  readonly lists: Readonly<Record<Party, readonly Row[]>>;
  /** Entries that have nothing to do with what is run. */
  readonly publications: readonly { readonly by: Organisation; readonly atMs: number; readonly dataset: string }[];
  readonly happenings: readonly Happening[];
  readonly line: LineFaults;
  readonly clockSkewMs: Readonly<Record<Organisation, number>>;
  readonly diskMsMax: number;
  /** Rows in a message: few, so that a short list takes many. */
  readonly batchRows: number;
  /** Bytes that a channel takes ahead of its reader. */
  readonly channelWindowBytes: number;
  /** Whether the members hold the network's first records when the run begins. */
  readonly members: 'synced' | 'empty';
}

/** Somebody asks for a job; `again`: asks once more while another job of the agreement runs. */
export interface Start<By extends Organisation = Organisation> {
  readonly by: By;
  readonly atMs: number;
  readonly job: string;
  readonly again: boolean;
}

/** How long a partner may be silent before a job fails. */
export const silenceMs = 40_000;

export function drawPublications(luck: Luck): Setting['publications'] {
  return Array.from({ length: luck.below(4) }, (_, i) => ({
    by: luck.pick(organisations),
    atMs: luck.below(3000),
    dataset: `other-${i}`,
  }));
}

export function drawLine(luck: Luck, { calm }: { calm: boolean }): LineFaults {
  const delayMs = { min: 0.2 + luck.below(10), max: 0 };
  delayMs.max = delayMs.min + luck.below(luck.chance(0.5) ? 3 : 60);
  if (calm) return { kind: 'stream', delayMs, dropShare: 0, repeatShare: 0, cutShare: 0 };
  const cutShare = luck.chance(0.4) ? luck.below(30) / 1000 : 0;
  if (luck.chance(0.6)) return { kind: 'stream', delayMs, dropShare: 0, repeatShare: 0, cutShare };
  const most = luck.chance(0.1) ? 50 : 20;
  return {
    kind: 'datagrams',
    delayMs,
    dropShare: luck.below(most + 1) / 100,
    repeatShare: luck.below(most + 1) / 100,
    cutShare,
  };
}

export function drawSkews(luck: Luck): Setting['clockSkewMs'] {
  const skew = () => (luck.chance(0.5) ? 0 : luck.below(120_001) - 60_000);
  return { office: skew(), brand: skew(), media: skew() };
}
