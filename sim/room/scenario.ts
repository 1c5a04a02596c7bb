/** Everything that a seed decides of a room, drawn before the run begins. Each part has a stream of its own: a new part changes no other. */
import { checkTerms, type RoomTerms, roomTerms } from '@causeway/core/applications/room';
import { formatTime } from '@causeway/core/ledger';
import { drawHappenings, type Happening, type Places } from '../scenario/happenings.ts';
import { drawLists } from '../scenario/lists.ts';
import { network, type Organisation, organisations, type Party, parties } from '../scenario/organisations.ts';
import { drawLine, drawPublications, drawSkews, type Setting, type Start } from '../scenario/setting.ts';
import { Luck } from '../world/luck.ts';
import { epochMs } from '../world/process.ts';
import { type Asked, attributes, questionCount } from './question.ts';

/** The office keeps the room; the brand and the media contribute to it. */
export const keeper = 'office';

export interface RoomScenario extends Setting {
  readonly terms: RoomTerms;
  readonly starts: readonly Start[];
  /** Who has a rule against the room. */
  readonly refusing: Organisation | undefined;
  readonly asks: readonly Asked[];
  /** Who closes the room, and when; it may end by its date before. */
  readonly closing: { readonly by: Organisation; readonly atMs: number };
  /** Milliseconds from the beginning at which the agreement ends by its date, where it does in this run. */
  readonly expiresMs: number | undefined;
  /** Rows of nobody that a contributor brings beside its list, so that an upload takes more than one message. */
  readonly fillerRows: number;
}

const contributing = ['join', 'prepare', 'commit', 'exchange', 'pseudonyms', 'encode', 'seal', 'upload'];
const keeping = ['open', 'receive', 'load', 'charge', 'compute', 'tell', 'keep', 'select', 'erase'];
const times: Readonly<Record<string, number>> = {
  commit: 6,
  exchange: 30,
  receive: 6,
  upload: 6,
  charge: 4,
  compute: 4,
  tell: 4,
  keep: 4,
};

export const roomPlaces: Places = {
  parties: organisations,
  records: [
    ...['job.started', 'room.opened', 'room.joined', 'room.uploaded', 'budget.granted', 'job.finished', 'job.failed'],
    ...['result.released', 'room.answered', 'room.selected', 'agreement.revoked', 'room.deleted', 'room.acknowledged'],
  ],
  stages: [
    ...contributing.map((stage) => ({ of: parties, stage, times: times[stage] ?? 1 })),
    ...keeping.map((stage) => ({ of: [keeper] as const, stage, times: times[stage] ?? 1 })),
    ...['settle', 'release'].map((stage) => ({ of: organisations, stage, times: 1 })),
  ],
};

export function drawRoom(seed: number): RoomScenario {
  const of = (part: string) => new Luck(`sim/room/${seed}/${part}`);
  const shape = of('shape');
  const calm = shape.chance(0.1);
  const kinds = 1 + shape.below(2);
  const isLong = shape.chance(0.25);
  const diskMsMax = of('disk').pick([0.2, 0.2, 1, 1, 5, 20]);
  const expiresMs = shape.chance(0.25) ? 2000 + shape.below(10_000) : undefined;
  const terms = drawTerms(of('terms'), { kinds, expiresMs });
  return {
    seed,
    terms,
    operator: shape.pick(organisations),
    lists: drawLists(of('lists'), kinds),
    starts: drawStarts(of('starts')),
    publications: drawPublications(of('publications')),
    happenings: calm
      ? []
      : [...drawHappenings(of('happenings'), roomPlaces), ...(isLong ? drawInUpload(of('in-upload')) : [])],
    line: drawLine(of('line'), { calm }),
    clockSkewMs: drawSkews(of('clocks')),
    diskMsMax,
    refusing: shape.chance(0.03) ? shape.pick(organisations) : undefined,
    batchRows: shape.pick(diskMsMax > 10 ? [5, 100] : [1, 2, 5, 100]),
    // A chunk of a long upload fills a frame.
    channelWindowBytes: isLong ? 1_000_000 : shape.pick([4000, 1_000_000]),
    members: shape.chance(0.5) ? 'synced' : 'empty',
    asks: drawAsks(of('asks'), terms),
    closing: { by: shape.pick(organisations), atMs: 3000 + shape.below(9000) },
    expiresMs,
    fillerRows: isLong ? 25_000 : 0,
  };
}

/** The milliseconds in which an upload is half there are few. */
function drawInUpload(luck: Luck): readonly Happening[] {
  if (luck.chance(0.6)) return [];
  const when = { moment: `${keeper} receive`, nth: 2 + luck.below(5), delayMs: luck.below(20) } as const;
  return [
    {
      when,
      what: { kind: 'crash', node: luck.chance(0.7) ? keeper : luck.pick(parties), downMs: 1 + luck.below(900) },
    },
  ];
}

const rights = {
  k: 2,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['reach', 'activation'],
  receivers: [...parties],
  select: true,
} as const;

function drawTerms(
  luck: Luck,
  { kinds, expiresMs }: { readonly kinds: number; readonly expiresMs: number | undefined },
): RoomTerms {
  const { key, category } = columnRules;
  const receivers = luck.pick<readonly Party[]>([parties, parties, ['brand'], ['media']]);
  const rowsMax = luck.chance(0.03) ? 20 : 100_000;
  const terms = {
    version: 1,
    operation: 'room',
    network,
    purpose: 'simulation',
    proposer: luck.pick(organisations),
    room: keeper,
    contributors: parties.map((organisation) => ({
      organisation,
      dataset: 'people',
      rowsAbout: 0,
      rowsMax,
      table: attributes[organisation].table,
      columns: [{ column: attributes[organisation].column, name: attributes[organisation].column }],
    })),
    rounds: Array.from({ length: kinds }, (_, kind) => ({
      form: `kind-${kind}`,
      columns: parties.map((organisation) => ({
        ...{ organisation, table: attributes[organisation].table },
        ...{ column: 'id', profile: 'custom' },
      })),
    })),
    keyHolders: [...parties],
    receivers: [...receivers],
    questionPurpose: 'reach',
    rules: {
      zone: 'Asia/Shanghai',
      tables: parties.map((owner) => {
        const { table: name, column, values } = attributes[owner];
        const columns = [key, category(column, values)];
        return { name, owner, subjects: 'people', kind: 'person', person: 'person', columns };
      }),
    },
    ...(luck.chance(0.6)
      ? {
          activation: {
            receiver: luck.pick(receivers),
            purpose: 'activation',
            minimumPersons: 2,
            audiencesMax: 1 + luck.below(2),
          },
        }
      : {}),
    // One question costs 10,000 or less.
    budgetRho: luck.pick([4000, 5000, 10_000, 20_000, 100_000]),
    exactGuard: 'pairs',
    limits: {
      minimumListRows: 1,
      usesMax: 1 + luck.below(2),
      expiresAt: formatTime(epochMs + (expiresMs ?? 86_400_000)),
    },
    nonce: luck
      .below(2 ** 32)
      .toString(16)
      .padStart(32, '0'),
  };
  const parsed = roomTerms.parse(terms);
  checkTerms(parsed);
  return parsed;
}

const columnRules = {
  key: { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights },
  category: (name: string, values: readonly string[]) => ({
    ...{ name, type: 'category', group: true, filter: 'declared', values, isNullable: false },
    ...rights,
  }),
};

/** One start; or two at once; or a second one, for when the room of the first is gone. */
function drawStarts(luck: Luck): readonly Start[] {
  const atMs = luck.below(300);
  const first = { by: luck.pick(organisations), atMs, job: 'job-1', again: false };
  const percent = luck.below(100);
  if (percent < 70) return [first];
  const second = { by: luck.pick(organisations), job: 'job-2' };
  if (percent < 85) return [first, { ...second, atMs: atMs + luck.below(5), again: false }];
  return [first, { ...second, atMs: atMs + luck.below(3000), again: true }];
}

/** Few questions, often the same, and many at once. */
function drawAsks(luck: Luck, { receivers, activation }: RoomTerms): readonly Asked[] {
  const pool = Array.from({ length: 1 + luck.below(4) }, () => luck.below(questionCount));
  const together = luck.chance(0.5) ? 800 + luck.below(4000) : undefined;
  return Array.from({ length: luck.below(9) }, () => {
    const atMs = together !== undefined && luck.chance(0.7) ? together + luck.below(3) : luck.below(9000);
    const [question, kind] = [luck.pick(pool), luck.chance(0.5) ? ('audience' as const) : ('size' as const)];
    if (kind === 'audience' && activation) return { by: activation.receiver as Party, atMs, question, kind };
    return { by: luck.pick(receivers) as Party, atMs, question, kind: 'size' as const };
  });
}
