/** What two processes that know each other by an invite alone tell each other, and the terms that follow from it on both sides. */
import { createHash } from 'node:crypto';
import {
  agreementId,
  checkTerms,
  learningOf,
  type MatchedColumn,
  type MatchTerms,
  matchTerms,
  type Receiver,
  receivers,
} from '@causeway/core/applications/match';
import { compareProfiles, formatProfile, type IdProfile, parseProfile } from '@causeway/core/identifiers';
import { type MatchProtocol, matchProtocols, type Side } from '@causeway/core/protocols';
import { z } from 'zod';
import { DirectError } from './error.ts';

const offer = z.strictObject({
  version: z.literal(3),
  software: z.string().min(1).max(50),
  /** Rows of the list, rounded up. */
  rowsAbout: z
    .int()
    .min(0)
    .max(2 ** 31),
  /** The identifiers in the list, in the order of its owner's preference. */
  identifiers: z
    .array(
      z.strictObject({
        profile: z.string().min(1).max(200),
        /** Of telephone numbers: whole percent of their densest number segment; `not-measurable` where they are hashed. */
        density: z.union([z.int().min(0).max(100), z.literal('not-measurable')]).exactOptional(),
      }),
    )
    .min(1)
    .max(20),
  /** Who receives, as this side says it; absent when it leaves that to the other. */
  receiver: z.enum(receivers).exactOptional(),
  /** The protocol that this side names; absent when it leaves that to the other, which may then name the default alone. */
  protocol: z.enum(matchProtocols).exactOptional(),
  /** Either side may ask for psi/vole's form that sends less. */
  traffic: z.literal('low').exactOptional(),
  minimumListRows: z.int().min(1).max(1_000_000_000),
  minimumGroupRows: z.int().min(1).max(1_000_000),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** When the offer was made; the listener's is the one that counts. */
  at: z.iso.datetime({ precision: 0 }),
});

/** What a side runs that names no protocol. */
const defaultProtocol: MatchProtocol = 'psi/ecdh';

export type Offer = z.infer<typeof offer>;

/** @throws {DirectError} `malformed-offer`. */
export function parseOffer(bytes: Uint8Array): Offer {
  try {
    return offer.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new DirectError(
      'malformed-offer',
      'the partner sent an offer that this version cannot read; both sides should run the same version',
      { cause },
    );
  }
}

export interface AgreedRound {
  readonly form: string;
  /** Which of the own id columns, by position in the own offer. */
  readonly own: number;
  /** What the own values go through before they are hashed. */
  readonly common: IdProfile;
}

export interface AgreedMatch {
  readonly terms: MatchTerms;
  readonly agreement: string;
  readonly rounds: readonly AgreedRound[];
}

/** Derives the terms; both sides get the same. @throws {DirectError} with what the two sides would have to change. */
export function agree(offers: Record<Side, Offer>, side: Side): AgreedMatch {
  const { proposer, partner } = offers;
  const receiver = agreedReceiver(proposer.receiver, partner.receiver);
  const learns = learningOf(receiver);
  const rounds = commonRounds(offers);
  const rowsMax = (rowsAbout: number) => Math.max(1, rowsAbout);
  const terms: MatchTerms = {
    version: 1,
    operation: 'match',
    network: 'direct',
    protocol: agreedProtocol(proposer.protocol, partner.protocol),
    ...((proposer.traffic ?? partner.traffic) ? { traffic: 'low' } : {}),
    purpose: 'direct match',
    proposer: {
      organisation: 'listener',
      dataset: 'list',
      rowsAbout: proposer.rowsAbout,
      rowsMax: rowsMax(proposer.rowsAbout),
      learns: learns.proposer,
    },
    partner: {
      organisation: 'connector',
      dataset: 'list',
      rowsAbout: partner.rowsAbout,
      rowsMax: rowsMax(partner.rowsAbout),
      learns: learns.partner,
    },
    rounds: rounds.map(({ common, columns }) => ({
      form: formatProfile(common),
      proposer: columns.proposer,
      partner: columns.partner,
    })),
    limits: {
      // Downward only by both: the higher minimum holds.
      minimumListRows: Math.max(proposer.minimumListRows, partner.minimumListRows),
      minimumGroupRows: Math.max(proposer.minimumGroupRows, partner.minimumGroupRows),
      usesMax: 1,
      expiresAt: `${new Date(Date.parse(proposer.at) + 24 * 3600_000).toISOString().slice(0, 19)}Z`,
    },
    nonce: createHash('sha256').update(`${proposer.nonce}:${partner.nonce}`).digest('hex').slice(0, 32),
  };
  try {
    checkTerms(matchTerms.parse(terms));
  } catch (cause) {
    throw new DirectError('no-agreement', cause instanceof RangeError ? cause.message : 'the two offers do not fit', {
      cause,
    });
  }
  return {
    terms,
    agreement: agreementId(terms),
    rounds: rounds.map(({ common, positions }) => ({ form: formatProfile(common), own: positions[side], common })),
  };
}

function agreedReceiver(listener: Receiver | undefined, connector: Receiver | undefined): Receiver {
  const mirrored: Record<Receiver, Receiver> = { me: 'them', them: 'me', both: 'both', none: 'none' };
  const theirs = connector && mirrored[connector];
  if (listener && theirs && listener !== theirs) {
    throw new DirectError(
      'receivers-differ',
      `the listening side says --receiver ${listener}, the connecting side --receiver ${connector}: agree on one (me on one side is them on the other)`,
    );
  }
  return listener ?? theirs ?? 'both';
}

/** What rests on more than the default does is run only where both sides have named it. */
function agreedProtocol(listener: MatchProtocol | undefined, connector: MatchProtocol | undefined): MatchProtocol {
  const [one, other] = [listener ?? defaultProtocol, connector ?? defaultProtocol];
  if (one === other) return one;
  throw new DirectError(
    'protocols-differ',
    `the listening side runs ${one}, the connecting side ${other}: name the same on both with --protocol`,
  );
}

function commonRounds({ proposer, partner }: Record<Side, Offer>) {
  const theirs = partner.identifiers.map(({ profile }) => parseProfile(profile));
  const refusals: string[] = [];
  const rounds = proposer.identifiers.flatMap(({ profile }, position) => {
    const own = parseProfile(profile);
    const at = theirs.findIndex(({ type }) => type === own.type);
    if (at < 0) return [];
    const compared = compareProfiles(own, theirs[at]!);
    if (!compared.ok) {
      refusals.push(compared.sentence.en);
      return [];
    }
    const column = (parsed: IdProfile, { density }: Offer['identifiers'][number]): MatchedColumn => ({
      column: parsed.type,
      profile: formatProfile(parsed),
      ...(density === undefined ? {} : { density }),
    });
    const columns = {
      proposer: column(own, proposer.identifiers[position]!),
      partner: column(theirs[at]!, partner.identifiers[at]!),
    };
    return [{ common: compared.common, columns, positions: { proposer: position, partner: at } }];
  });
  if (rounds.length === 0) {
    const has = ({ identifiers }: Offer) => identifiers.map(({ profile }) => profile).join(', ');
    const said = `the listening side has ${has(proposer)}, the connecting side ${has(partner)}`;
    throw new DirectError(
      'profiles-differ',
      [`The two lists have no identifier in common: ${said}.`, ...refusals].join(' '),
    );
  }
  return rounds;
}
