/**
 * The terms of an insight between two organisations: one learns figures about the people whom both have, by the other's segments. Their
 * canonical form is hashed to the agreement's id.
 */
import { z } from 'zod';
import type { Side } from '../../../protocols/index.ts';
import { boundRefusal, checkPlan } from '../../../protocols/join-sum/index.ts';
import { sumPlanOf } from './sum-plan.ts';

const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/);
const rows = z
  .int()
  .min(0)
  .max(2 ** 22);
const column = z.string().min(1).max(200);
const list = z.strictObject({
  organisation,
  /** Id of the dataset at its owner. */
  dataset: z.string().min(1).max(200),
  /** Rows as published, rounded. */
  rowsAbout: rows,
  /** Distinct identifiers that this side may bring, at most. */
  rowsMax: rows,
});
const matchedColumn = z.strictObject({ column, profile: z.string().min(1).max(200) });

export const insightTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('insight'),
  network: z.string().min(1).max(63),
  protocol: z.literal('join/sum'),
  purpose: z.string().min(1).max(500),
  proposer: list,
  partner: list,
  /** Who learns the figures; the other side has the segments and values. */
  receiver: z.enum(['proposer', 'partner']),
  /** The kind of identifier, and the columns that hold it. */
  key: z.strictObject({ form: z.string().min(1).max(200), proposer: matchedColumn, partner: matchedColumn }),
  /** Beside the count of all: a table for each segment, or two segments crossed. Rows with another value, or none, are in no cell. */
  tables: z
    .array(
      z.strictObject({
        segments: z
          .array(z.strictObject({ column, values: z.array(z.string().min(1).max(200)).min(1).max(255) }))
          .min(1)
          .max(2),
      }),
    )
    .max(3),
  /** Numbers of the sender's that are added up over the matched people, each person's rows together. */
  columns: z
    .array(
      z.strictObject({
        column,
        /** What one of the number is: `CNY`, `visits`. */
        unit: z.string().min(1).max(50),
        /** Digits after the point that count: values are taken in units of 10^-decimals, rounded. */
        decimals: z.int().min(0).max(6),
        /** Clipped to these bounds, in whole units. */
        min: z
          .int()
          .min(-(2 ** 44))
          .max(2 ** 44),
        max: z
          .int()
          .min(-(2 ** 44))
          .max(2 ** 44),
        /** Whether squares are added up, for a variance. */
        squares: z.boolean(),
      }),
    )
    .max(16),
  /** `exact`: figures as they are; both sides sign that. `noise`: millionths of ρ for each table and measure. */
  protection: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('exact') }),
    z.strictObject({ kind: z.literal('noise'), rho: z.int().min(1).max(1_000_000), gate: z.boolean() }),
  ]),
  limits: z.strictObject({
    /** A list with fewer distinct identifiers takes no part. */
    minimumListRows: z.int().min(1).max(1_000_000_000),
    /** A figure of fewer people is not shown. */
    minimumGroupRows: z.int().min(1).max(1000),
    usesMax: z.int().min(1).max(10_000),
    expiresAt: z.iso.datetime({ precision: 0 }),
  }),
  /** Random, so that the same proposal made twice is two agreements. 16 bytes, hexadecimal. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});

export type InsightTerms = z.infer<typeof insightTerms>;

/** The side that has the segments. */
export function senderSide({ receiver }: Pick<InsightTerms, 'receiver'>): Side {
  return receiver === 'proposer' ? 'partner' : 'proposer';
}

/** The side that an organisation has in an agreement. @throws {RangeError} for one that is no party. */
export function insightSideOf(terms: InsightTerms, organisationId: string): Side {
  if (terms.proposer.organisation === organisationId) return 'proposer';
  if (terms.partner.organisation === organisationId) return 'partner';
  throw new RangeError(`${organisationId} is not a party of this agreement`);
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms(terms: InsightTerms): void {
  const { proposer, partner, tables, columns, protection } = terms;
  if (proposer.organisation === partner.organisation)
    throw new RangeError('an organisation cannot have insight into itself');
  const names = tables.map(({ segments }) => segments.map((segment) => segment.column).join(' × '));
  if (new Set(names).size !== names.length) throw new RangeError('a segment stands twice');
  for (const segment of tables.flatMap(({ segments }) => segments)) {
    if (new Set(segment.values).size !== segment.values.length) {
      throw new RangeError(`a value of ${segment.column} stands twice`);
    }
  }
  if (new Set(columns.map(({ column: name }) => name)).size !== columns.length)
    throw new RangeError('a number stands twice');
  // Margins of a crossed table, or a second cut of the same people, would tell small cells by subtraction.
  if (protection.kind === 'exact' && tables.length > 1 && tables.some(({ segments }) => segments.length > 1)) {
    throw new RangeError('exact figures of crossed segments stand alone: take one table, or figures with noise');
  }
  const plan = sumPlanOf(terms);
  checkPlan(plan);
  const refusal = boundRefusal(plan, terms[senderSide(terms)].rowsMax);
  if (refusal !== undefined) throw new RangeError(refusal);
}
