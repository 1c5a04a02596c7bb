/**
 * The terms of a match: everything that the two organisations agree to, and nothing that a run decides. Their canonical form is hashed to
 * the agreement's id, so a change of any word is another agreement.
 */
import { z } from 'zod';
import { kernelNames } from '../../group/index.ts';
import { type Learns, matchProtocols, type Side } from '../../protocols/index.ts';
import { protocolOf } from './protocol.ts';

/** Who gets to know which of its own rows match, as the proposer says it. */
export const receivers = ['me', 'them', 'both', 'none'] as const;
export type Receiver = (typeof receivers)[number];

const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/);
const rows = z
  .int()
  .min(0)
  .max(2 ** 31);
const column = z.string().min(1).max(200);
const learns = z.enum(['rows', 'count', 'nothing']);
const matchedColumn = z.strictObject({
  column,
  profile: z.string().min(1).max(200),
  /**
   * Of telephone numbers: how much of its densest number segment the column covers, in whole percent, as its owner's node measured it;
   * `not-measurable` where they are hashed.
   */
  density: z.union([z.int().min(0).max(100), z.literal('not-measurable')]).exactOptional(),
});
const list = z.strictObject({
  organisation,
  /** Id of the dataset at its owner. */
  dataset: z.string().min(1).max(200),
  /** Rows as published, rounded. */
  rowsAbout: rows,
  /** Distinct identifiers that this side may bring to a round, at most. */
  rowsMax: rows,
  learns,
});

export const matchTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('match'),
  network: z.string().min(1).max(63),
  protocol: z.enum(matchProtocols),
  /** No side runs on a slower kernel; absent where any will do. */
  kernelAtLeast: z.enum(kernelNames).exactOptional(),
  /** psi/vole's form that sends a third less, for lists of up to ten million or so; absent: its fast form. */
  traffic: z.literal('low').exactOptional(),
  purpose: z.string().min(1).max(500),
  proposer: list,
  partner: list,
  /** The waterfall: one round for each kind of identifier, in this order. */
  rounds: z
    .array(
      z.strictObject({
        /** The form in which both sides hash the identifier, e.g. `phone/sha256`. */
        form: z.string().min(1).max(200),
        proposer: matchedColumn,
        partner: matchedColumn,
      }),
    )
    .min(1)
    .max(20),
  limits: z.strictObject({
    /** A list with fewer distinct identifiers is not matched. */
    minimumListRows: z.int().min(1).max(1_000_000_000),
    /** A count below this is not shown. */
    minimumGroupRows: z.int().min(1).max(1_000_000),
    usesMax: z.int().min(1).max(10_000),
    expiresAt: z.iso.datetime({ precision: 0 }),
  }),
  /** Random, so that the same proposal made twice is two agreements. 16 bytes, hexadecimal. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});

export type MatchTerms = z.infer<typeof matchTerms>;
export type MatchList = MatchTerms['proposer'];
export type MatchedColumn = MatchTerms['rounds'][number]['proposer'];

/** What each side learns of the rows, given who receives. */
export function learningOf(receiver: Receiver): Record<Side, Learns> {
  switch (receiver) {
    case 'me':
      return { proposer: 'rows', partner: 'nothing' };
    case 'them':
      return { proposer: 'nothing', partner: 'rows' };
    case 'both':
      return { proposer: 'rows', partner: 'rows' };
    case 'none':
      return { proposer: 'count', partner: 'count' };
  }
}

/** Terms between two organisations, whatever they are about. */
export interface TwoSided {
  readonly proposer: { readonly organisation: string };
  readonly partner: { readonly organisation: string };
}

/** The side that an organisation has in an agreement. @throws {RangeError} for one that is no party. */
export function sideOf(terms: TwoSided, organisationId: string): Side {
  if (terms.proposer.organisation === organisationId) return 'proposer';
  if (terms.partner.organisation === organisationId) return 'partner';
  throw new RangeError(`${organisationId} is not a party of this agreement`);
}

export function otherSide(side: Side): Side {
  return side === 'proposer' ? 'partner' : 'proposer';
}

/**
 * Whether each later round leaves out the rows that an earlier one matched. Only where both sides learn rows: elsewhere the shrinking of a
 * list would tell its partner how many rows matched.
 */
export function removesMatched(terms: MatchTerms): boolean {
  return terms.proposer.learns === 'rows' && terms.partner.learns === 'rows';
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms(terms: MatchTerms): void {
  const { proposer, partner, rounds } = terms;
  const protocol = protocolOf(terms);
  if (!protocol) throw new RangeError(`${terms.protocol} cannot be run by this version; name another protocol`);
  if (proposer.organisation === partner.organisation) throw new RangeError('an organisation cannot match with itself');
  if ((proposer.learns === 'count') !== (partner.learns === 'count')) {
    throw new RangeError(
      'either both sides learn the count alone, or neither: choose receiver none, or me, them, both',
    );
  }
  if (proposer.learns === 'nothing' && partner.learns === 'nothing')
    throw new RangeError('nobody would learn anything');
  if (proposer.learns === 'count' && rounds.length > 1) {
    throw new RangeError(
      'a count over several identifiers would count one person more than once: name one key, or let one side receive',
    );
  }
  if (new Set(rounds.map(({ form }) => form)).size !== rounds.length)
    throw new RangeError('each key stands once in the order');
  if (terms.traffic !== undefined && terms.protocol !== 'psi/vole')
    throw new RangeError(`${terms.protocol} has no form of low traffic: name psi/vole, or leave it out`);
  const refusal = protocol.refusal(terms);
  if (refusal !== undefined) throw new RangeError(refusal);
}
