/** Everything that a seed decides, drawn before the run begins. Each part has a stream of its own: a new part changes no other. */
import { learningOf, type MatchTerms, matchTerms, type Receiver, receivers } from '@causeway/core/applications/match';
import { formatTime } from '@causeway/core/ledger';
import type { MatchProtocol } from '@causeway/core/protocols';
import type { LineFaults } from '../world/line.ts';
import { Luck } from '../world/luck.ts';
import { epochMs } from '../world/process.ts';
import { drawHappenings, type Happening } from './happenings.ts';
import { drawLists, type Row } from './lists.ts';
import { network, type Organisation, organisations, type Party, parties, partnerOf } from './organisations.ts';

export interface Scenario {
  readonly seed: number;
  readonly terms: MatchTerms;
  /** Who orders the ledger. */
  readonly operator: Organisation;
  readonly lists: Readonly<Record<Party, readonly Row[]>>;
  /** Who wants a job, and when; `again`: asks once more while another job of the agreement runs. */
  readonly starts: readonly {
    readonly by: Party;
    readonly atMs: number;
    readonly job: string;
    readonly again: boolean;
  }[];
  /** Entries that have nothing to do with the match. */
  readonly publications: readonly { readonly by: Organisation; readonly atMs: number; readonly dataset: string }[];
  readonly happenings: readonly Happening[];
  readonly line: LineFaults;
  readonly clockSkewMs: Readonly<Record<Organisation, number>>;
  readonly diskMsMax: number;
  /** Who has a rule against its list. */
  readonly refusing: Party | undefined;
  /** Rows in a message: few, so that a short list takes many. */
  readonly batchRows: number;
  /** Bytes that a channel takes ahead of its reader. */
  readonly channelWindowBytes: number;
  /** Evaluations that a key of psi/oprf has given under other agreements, once it has given any under this one: a key that is used up is followed by another. */
  readonly evaluationsElsewhere: number;
  /** Whether the members hold the network's first records when the run begins. */
  readonly members: 'synced' | 'empty';
}

/** How long a partner may be silent before a job fails. */
export const silenceMs = 40_000;

export function drawScenario(seed: number): Scenario {
  const of = (part: string) => new Luck(`sim/${seed}/${part}`);
  const shape = of('shape');
  const calm = shape.chance(0.1);
  const receiver = shape.pick(receivers);
  const kinds = receiver === 'none' ? 1 : 1 + shape.below(3);
  const proposer = shape.pick(parties);
  const lists = drawLists(of('lists'), kinds);
  const diskMsMax = of('disk').pick([0.2, 0.2, 1, 1, 5, 5, 60]);
  const terms = drawTerms(of('terms'), { proposer, receiver, kinds, protocol: drawProtocol(of('protocol'), receiver) });
  return {
    seed,
    terms,
    operator: shape.chance(0.7) ? 'office' : shape.pick(parties),
    lists,
    starts: drawStarts(of('starts')),
    publications: drawPublications(of('publications')),
    happenings: calm ? [] : drawHappenings(of('happenings')),
    line: drawLine(of('line'), { calm }),
    clockSkewMs: drawSkews(of('clocks')),
    diskMsMax,
    refusing: shape.chance(0.03) ? shape.pick(parties) : undefined,
    // On a slow disk many messages take longer than a run may.
    batchRows: shape.pick(diskMsMax > 10 ? [5, 100] : [1, 1, 2, 5, 100]),
    // A message has 100 rows at most, of 32 bytes; and it costs something beside its length.
    channelWindowBytes: shape.pick([4000, 1_000_000]),
    evaluationsElsewhere: of('evaluations').pick([0, 100]),
    members: shape.chance(0.5) ? 'synced' : 'empty',
  };
}

function drawProtocol(luck: Luck, receiver: Receiver): MatchProtocol {
  return (receiver === 'me' || receiver === 'them') && luck.chance(0.5) ? 'psi/oprf' : 'psi/ecdh';
}

function drawTerms(
  luck: Luck,
  {
    proposer,
    receiver,
    kinds,
    protocol,
  }: { proposer: Party; receiver: Receiver; kinds: number; protocol: MatchProtocol },
): MatchTerms {
  const learns = learningOf(receiver);
  const rowsMax = luck.chance(0.03) ? 20 : 100;
  const list = (organisation: Party, side: 'proposer' | 'partner') => ({
    organisation,
    dataset: 'people',
    rowsAbout: 0,
    rowsMax,
    learns: learns[side],
  });
  const column = { column: 'id', profile: 'custom' };
  return matchTerms.parse({
    version: 1,
    operation: 'match',
    network,
    protocol,
    purpose: 'simulation',
    proposer: list(proposer, 'proposer'),
    partner: list(partnerOf(proposer), 'partner'),
    rounds: Array.from({ length: kinds }, (_, kind) => ({ form: `kind-${kind}`, proposer: column, partner: column })),
    limits: {
      minimumListRows: 1,
      minimumGroupRows: 1,
      usesMax: 1 + luck.below(3),
      expiresAt: formatTime(epochMs + 86_400_000),
    },
    nonce: luck
      .below(2 ** 32)
      .toString(16)
      .padStart(32, '0'),
  } satisfies MatchTerms);
}

/** One start; or two at once, by both sides or twice by one; or a second job after the first. */
function drawStarts(luck: Luck): Scenario['starts'] {
  const by = luck.pick(parties);
  const atMs = luck.below(300);
  const first = { by, atMs, job: 'job-1', again: false };
  const percent = luck.below(100);
  if (percent < 60) return [first];
  const second = luck.chance(0.7) ? partnerOf(by) : by;
  if (percent < 85) return [first, { by: second, atMs: atMs + luck.below(5), job: 'job-2', again: false }];
  return [first, { by: second, atMs: atMs + luck.below(3000), job: 'job-2', again: true }];
}

function drawPublications(luck: Luck): Scenario['publications'] {
  return Array.from({ length: luck.below(4) }, (_, i) => ({
    by: luck.pick(organisations),
    atMs: luck.below(3000),
    dataset: `other-${i}`,
  }));
}

function drawLine(luck: Luck, { calm }: { calm: boolean }): LineFaults {
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

function drawSkews(luck: Luck): Scenario['clockSkewMs'] {
  const skew = () => (luck.chance(0.5) ? 0 : luck.below(120_001) - 60_000);
  return { office: skew(), brand: skew(), media: skew() };
}
