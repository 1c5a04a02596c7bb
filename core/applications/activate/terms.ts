/**
 * The terms of an activation between two organisations: one advertises, the other publishes, and what they leave behind lets the advertiser's buying platform
 * recognise the people whom both have, in bid requests. Their canonical form is hashed to the agreement's id.
 */
import { z } from 'zod';
import type { Side } from '../../protocols/index.ts';
import { domainName, opjaDerivation } from '../../protocols/opja/index.ts';
import { pairCipher } from '../../protocols/pair/index.ts';

const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/);
const rows = z
  .int()
  .min(0)
  .max(2 ** 31);
const list = z.strictObject({
  organisation,
  /** Id of the dataset at its owner. */
  dataset: z.string().min(1).max(200),
  /** Rows as published, rounded. */
  rowsAbout: rows,
  /** Distinct identifiers that this side may bring, at most. */
  rowsMax: rows,
});
const matchedColumn = z.strictObject({
  column: z.string().min(1).max(200),
  profile: z.string().min(1).max(200),
  /** Of telephone numbers, as in the terms of a match. */
  density: z.union([z.int().min(0).max(100), z.literal('not-measurable')]).exactOptional(),
});
const domain = z.string().regex(domainName);

export const activateForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pair'), cipher: z.literal(pairCipher) }),
  z.strictObject({
    kind: z.literal('opja'),
    derivation: z.literal(opjaDerivation),
    /** The domain under which the advertiser's node, which matches, publishes its keys. */
    system: domain,
    /** That of whoever opens the labels, such as the advertiser's DSP. */
    receiver: domain,
  }),
]);

export const activateTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('activate'),
  network: z.string().min(1).max(63),
  /** For people: all that the lists may be used for. */
  purpose: z.string().min(1).max(500),
  proposer: list,
  partner: list,
  /** Who advertises; the other side publishes. */
  advertiser: z.enum(['proposer', 'partner']),
  form: activateForm,
  /** The kind of identifier, and the columns that hold it. */
  key: z.strictObject({ form: z.string().min(1).max(200), proposer: matchedColumn, partner: matchedColumn }),
  limits: z.strictObject({
    /** A list with fewer distinct identifiers takes no part. */
    minimumListRows: z.int().min(1).max(1_000_000_000),
    /** With fewer people in both lists, nothing comes of a run. */
    minimumGroupRows: z.int().min(1).max(1_000_000),
    usesMax: z.int().min(1).max(10_000),
    /** What runs have left is given out until then, and not later. */
    expiresAt: z.iso.datetime({ precision: 0 }),
  }),
  /** Random, so that the same proposal made twice is two agreements. 16 bytes, hexadecimal. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});

export type ActivateTerms = z.infer<typeof activateTerms>;
export type ActivateKind = ActivateTerms['form']['kind'];
export type ActivateRole = 'advertiser' | 'publisher';

/** For how many days an agreement holds at most: PAIR ends its matches after 30 days; keys of OPJA are renewed within 180. */
export const activateDaysMax: Readonly<Record<ActivateKind, number>> = { pair: 30, opja: 180 };

export function roleOf({ advertiser }: Pick<ActivateTerms, 'advertiser'>, side: Side): ActivateRole {
  return side === advertiser ? 'advertiser' : 'publisher';
}

/** What a side gets out of the exchange of points: see the protocols' READMEs. */
export function learnsOf({ form }: Pick<ActivateTerms, 'form'>, role: ActivateRole): 'count' | 'nothing' {
  return form.kind === 'opja' && role === 'publisher' ? 'nothing' : 'count';
}

/** Columns that a publisher's rows have after a run, behind its own. */
export function publishedColumns({ form }: Pick<ActivateTerms, 'form'>): readonly string[] {
  switch (form.kind) {
    case 'pair':
      return ['pair_id', 'pair_id_previous'];
    case 'opja':
      return ['opja_label'];
  }
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms({ proposer, partner, form }: ActivateTerms): void {
  if (form.kind === 'opja') {
    const wrong = [form.system, form.receiver].find((name) => !domainName.test(name));
    if (wrong !== undefined)
      throw new RangeError(`${JSON.stringify(wrong)} is no domain: write it in lower case, such as dsp.example`);
  }
  if (proposer.organisation === partner.organisation)
    throw new RangeError('an organisation cannot agree on an activation with itself');
}
