/**
 * The terms of a delivery: after a match whose rows both sides learned, one of them gives the other agreed columns of the matched rows. Their canonical form
 * is hashed to the agreement's id.
 */
import { z } from 'zod';
import type { Side } from '../../protocols/index.ts';

const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/);
const column = z.string().min(1).max(200);
const rows = z
  .int()
  .min(0)
  .max(2 ** 22);
const list = z.strictObject({
  organisation,
  /** Id of the dataset at its owner: the one that was matched. */
  dataset: z.string().min(1).max(200),
  /** Rows as published, rounded. */
  rowsAbout: rows,
  /** Distinct identifiers that may be delivered for, at most. */
  rowsMax: rows,
});
const matchedColumn = z.strictObject({ column, profile: z.string().min(1).max(200) });

/** Characters of one delivered value. */
export const valueCharactersMax = 1_000;

export const deliverTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('deliver'),
  network: z.string().min(1).max(63),
  /** For people: all that the columns may be used for. */
  purpose: z.string().min(1).max(500),
  proposer: list,
  partner: list,
  /** Who gives; the other side is given. */
  provider: z.enum(['proposer', 'partner']),
  /** The finished match, under an agreement of the same two datasets in which both sides learned rows. */
  match: z.strictObject({ job: z.string().min(1).max(64), agreement: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** The kinds of identifiers that it matched by, in its order. */
  keys: z
    .array(z.strictObject({ form: z.string().min(1).max(200), proposer: matchedColumn, partner: matchedColumn }))
    .min(1)
    .max(8),
  /** Columns of the provider's dataset; all others stay at home. */
  columns: z.array(column).min(1).max(50),
  limits: z.strictObject({
    /** Nothing is delivered for fewer identifiers. */
    minimumGroupRows: z.int().min(1).max(1_000_000),
    usesMax: z.int().min(1).max(10_000),
    /** What was delivered is given out by its receiver's node until then. */
    expiresAt: z.iso.datetime({ precision: 0 }),
  }),
  /** Random, so that the same proposal made twice is two agreements. 16 bytes, hexadecimal. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});

export type DeliverTerms = z.infer<typeof deliverTerms>;

export function receiverSide({ provider }: Pick<DeliverTerms, 'provider'>): Side {
  return provider === 'proposer' ? 'partner' : 'proposer';
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms({ proposer, partner, columns, keys }: DeliverTerms): void {
  if (proposer.organisation === partner.organisation) throw new RangeError('an organisation cannot deliver to itself');
  if (new Set(keys.map(({ form }) => form)).size !== keys.length)
    throw new RangeError('a kind of identifier stands twice');
  if (new Set(columns).size !== columns.length) throw new RangeError('a column stands twice');
}
