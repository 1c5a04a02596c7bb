/** Everything that a seed decides of a match, drawn before the run begins. Each part has a stream of its own: a new part changes no other. */
import { learningOf, type MatchTerms, matchTerms, type Receiver, receivers } from '@causeway/core/applications/match';
import { formatTime } from '@causeway/core/ledger';
import type { MatchProtocol } from '@causeway/core/protocols';
import { drawHappenings, matchPlaces } from '../scenario/happenings.ts';
import { drawLists } from '../scenario/lists.ts';
import { network, type Party, parties, partnerOf } from '../scenario/organisations.ts';
import { drawLine, drawPublications, drawSkews, type Setting, type Start } from '../scenario/setting.ts';
import { Luck } from '../world/luck.ts';
import { epochMs } from '../world/process.ts';

export interface MatchScenario extends Setting {
  readonly terms: MatchTerms;
  readonly starts: readonly Start<Party>[];
  /** Who has a rule against its list. */
  readonly refusing: Party | undefined;
  /** Evaluations that a key of psi/oprf has given under other agreements, once it has given any under this one: a key that is used up is followed by another. */
  readonly evaluationsElsewhere: number;
}

export function drawMatch(seed: number): MatchScenario {
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
    happenings: calm ? [] : drawHappenings(of('happenings'), matchPlaces),
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
function drawStarts(luck: Luck): MatchScenario['starts'] {
  const by = luck.pick(parties);
  const atMs = luck.below(300);
  const first = { by, atMs, job: 'job-1', again: false };
  const percent = luck.below(100);
  if (percent < 60) return [first];
  const second = luck.chance(0.7) ? partnerOf(by) : by;
  if (percent < 85) return [first, { by: second, atMs: atMs + luck.below(5), job: 'job-2', again: false }];
  return [first, { by: second, atMs: atMs + luck.below(3000), job: 'job-2', again: true }];
}
