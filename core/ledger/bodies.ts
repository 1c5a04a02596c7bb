/**
 * What the entries of a ledger say, type by type: the forms that a stranger's entry is held against. No personal data and no small count
 * has a place in any of them.
 */
import { z } from 'zod';
import { mayListValues, publishedValues } from './published-values.ts';

/** Identifier of a network, organisation, dataset or job: lower-case letters, digits and hyphens. */
export const slug = z.string().regex(/^[a-z0-9-]{1,63}$/);
/** SHA-256 in lower-case hexadecimal. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Canonical Base64 of 32 bytes. */
export const publicKey = z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/);
/** Canonical Base64 of 64 bytes. */
export const signature = z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/);
/** RFC 3339 in UTC with whole seconds: `2025-06-30T08:15:00Z`. */
export const time = z.string().refine(isTime, 'expected a time such as 2025-06-30T08:15:00Z');

const hostPort = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9a-fA-F:.]{2,45}\]):([1-9][0-9]{0,4})$/;
/** Where a node listens, `host:port`; an IPv6 address in brackets. */
export const endpoint = z.string().refine((value) => Number(hostPort.exec(value)?.[1]) <= 65535, 'expected host:port');

/** One line of text that a person reads. */
function line(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((value) => value.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(value), 'expected text on one line');
}

export const columnsMax = 200;
/** KEM, KDF and AEAD of RFC 9180 that a room may name. */
export const roomSuites = ['x25519-hkdf-sha256/hkdf-sha256/aes-256-gcm'] as const;
export const partiesMax = 16;

export const member = z.strictObject({
  organisation: slug,
  name: line(200),
  /** Ed25519; signs the entries of the member and cosigns heads. Never changes, never comes back. */
  identityKey: publicKey,
  /** SHA-256 of the certificate (DER) that its node shows. */
  tlsFingerprint: digest,
  /** Left out by a node that only dials. */
  endpoint: endpoint.exactOptional(),
});

export const grade = z.enum(['public', 'internal', 'personal', 'sensitive']);

export const datasetDescription = z.strictObject({
  /** Rounded by `roundRowsAbout`: no exact size is published. */
  rowsAbout: z
    .int()
    .min(0)
    .refine((rows) => rows === roundRowsAbout(rows), 'expected a count rounded to two digits, 0 below 1,000'),
  /** Identifier columns with their profiles, such as `phone` or `email/sha256`. */
  ids: z
    .array(
      z.strictObject({
        column: line(200),
        profile: line(64),
        /**
         * Of telephone numbers: how much of its densest number segment the column covers, in whole percent; `not-measurable` where they
         * are hashed. No segment is named. Left out for other identifiers, and in entries from before it was measured.
         */
        density: z.union([z.int().min(0).max(100), z.literal('not-measurable')]).exactOptional(),
      }),
    )
    .max(20),
  attributes: z
    .array(
      z
        .strictObject({
          column: line(200),
          type: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
          grade,
          /** Values that enough people have, where the owner publishes them. */
          values: publishedValues.exactOptional(),
        })
        .refine((attribute) => attribute.values === undefined || mayListValues(attribute), {
          message: 'expected no values of a column of this grade or type',
          path: ['values'],
        }),
    )
    .max(columnsMax),
  /** For people who browse the catalogue. */
  about: z
    .string()
    .max(2000)
    .refine((value) => value.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(value), 'expected text')
    .exactOptional(),
});

/** A count of rows as the ledger may say it: two significant digits, and 0 for anything below 1,000. */
export function roundRowsAbout(rows: number): number {
  if (rows < 1000) return 0;
  const step = 10 ** (Math.floor(Math.log10(rows)) - 1);
  return Math.round(rows / step) * step;
}

export const bodies = {
  'network.created': z.strictObject({ name: line(200), operator: member }),
  /** `consent`: the new member's signature over `memberConsentBytes`. */
  'member.joined': z.strictObject({ member, consent: signature }),
  'member.updated': z
    .strictObject({
      endpoint: endpoint.exactOptional(),
      tlsFingerprint: digest.exactOptional(),
      name: line(200).exactOptional(),
    })
    .refine((change) => Object.keys(change).length > 0, 'expected a change'),
  'member.left': z.strictObject({ organisation: slug }),
  'dataset.published': z.strictObject({ dataset: slug, name: line(200), description: datasetDescription }),
  'dataset.withdrawn': z.strictObject({ dataset: slug }),
  'agreement.proposed': z
    .strictObject({
      /** SHA-256 of the canonical terms, which stay with the parties. */
      agreement: digest,
      parties: z.array(slug).min(1).max(partiesMax).refine(isDistinct, 'expected each party once'),
      datasets: z
        .array(z.strictObject({ owner: slug, dataset: slug }))
        .min(1)
        .max(2 * partiesMax)
        .refine(
          (list) => isDistinct(list.map(({ owner, dataset }) => `${owner}/${dataset}`)),
          'expected each dataset once',
        ),
      operation: z.enum(['match', 'room', 'insight', 'deliver', 'activate', 'guest']),
      /** The party that keeps the room; of an agreement on one alone. */
      room: slug.exactOptional(),
      /** Who is no member: the key of one run, and its signature over `guestConsentBytes`; of an agreement with a guest alone. */
      guest: z.strictObject({ key: publicKey, consent: signature }).exactOptional(),
      usesMax: z.int().min(1).max(1_000_000),
      expiresAt: time,
    })
    .refine(({ operation, room }) => (operation === 'room') === (room !== undefined), 'expected who keeps the room')
    .refine(
      ({ operation, guest }) => (operation === 'guest') === (guest !== undefined),
      'expected the key of the guest',
    )
    .refine(
      ({ guest, parties }) => (guest === undefined ? parties.length >= 2 : parties.length === 1),
      'expected two members, or one and a guest',
    ),
  'agreement.signed': z.strictObject({ agreement: digest }),
  'agreement.rejected': z.strictObject({ agreement: digest }),
  'agreement.revoked': z.strictObject({ agreement: digest }),
  'job.started': z.strictObject({ job: slug, agreement: digest }),
  'job.finished': z.strictObject({
    job: slug,
    /** SHA-256 of the outcome that the parties agree on. */
    outcome: digest,
    /** Of every party, and of the guest under its name, over `jobOutcomeBytes`. */
    signatures: z
      .array(z.strictObject({ organisation: slug, signature }))
      .min(2)
      .max(partiesMax),
  }),
  'job.failed': z.strictObject({
    job: slug,
    code: z.string().regex(/^[a-z0-9-]{1,63}$/),
    /** Whether anything that tells about rows had been sent: only if no party says so is the use given back. */
    exchanged: z.boolean(),
  }),
  /** The key of a table, before anything is answered under it: `core/protocols/psi-oprf`. */
  'oprf-key.published': z.strictObject({
    dataset: slug,
    /** The common form of the identifiers, such as `phone/sha256`. */
    form: line(200),
    partner: slug,
    /** Counts the keys of this dataset, form and partner, from 1. */
    epoch: z.int().min(1).max(1_000_000_000),
    /** Element of ristretto255. */
    publicKey,
  }),
  'result.released': z.strictObject({ job: slug, digest }),
  /** By the keeper: the key that uploads are sealed to. A room bears the id of the job that loads it. */
  'room.opened': z.strictObject({
    room: slug,
    /** X25519; of this room alone. */
    key: publicKey,
    suite: z.enum(roomSuites),
    /** Name and version of the program. */
    software: line(200),
  }),
  /** By a contributor: it has seen the key, and seals to no other. */
  'room.joined': z.strictObject({ room: slug, key: publicKey }),
  /** By a contributor, before it sends anything: SHA-256 of the manifest of its upload. */
  'room.uploaded': z.strictObject({ room: slug, manifest: digest }),
  /** By the keeper: a question was answered. Neither the question nor a number stands here. */
  'room.answered': z.strictObject({
    room: slug,
    question: digest,
    /** SHA-256 of the released numbers under a salt that goes with them. */
    result: digest,
    receivers: z.array(slug).min(1).max(partiesMax).refine(isDistinct, 'expected each receiver once'),
    /** What it cost, in millionths of ρ. */
    rho: z.int().min(0).max(1_000_000_000),
  }),
  /** By the keeper: a receiver is given which of its own rows are in an audience. Neither the rule nor a number stands here. */
  'room.selected': z.strictObject({
    room: slug,
    audience: digest,
    /** SHA-256 of the places of the rows, under a salt that goes with them. */
    result: digest,
    receiver: slug,
  }),
  /** By the keeper: uploads, tables and keys are erased. */
  'room.deleted': z.strictObject({ room: slug }),
  /** By a contributor: it has taken note of the deletion, or objects. */
  'room.acknowledged': z.strictObject({ room: slug, says: z.enum(['seen', 'objects']) }),
  /** What answers about the author's people may tell a group of receivers, in all, until the next grant. */
  'budget.granted': z.strictObject({
    subjects: slug,
    receivers: slug,
    /** 1, 2, 3 …: which grant of this budget it is. */
    period: z.int().min(1).max(1_000_000),
    /** Millionths of ρ. */
    rho: z.int().min(1).max(1_000_000_000),
    /** The next grant is not admissible before. */
    renewableAt: time,
  }),
} as const;

export type EntryType = keyof typeof bodies;

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> }
    : T;

export type Bodies = { readonly [Type in EntryType]: DeepReadonly<z.infer<(typeof bodies)[Type]>> };
export type Member = DeepReadonly<z.infer<typeof member>>;
export type Grade = z.infer<typeof grade>;
export type DatasetDescription = DeepReadonly<z.infer<typeof datasetDescription>>;

/** The time of an entry as milliseconds since the epoch. @throws {RangeError} for another form. */
export function parseTime(text: string): number {
  if (!isTime(text)) throw new RangeError('expected a time such as 2025-06-30T08:15:00Z');
  return Date.parse(text);
}

/** Milliseconds since the epoch as an entry says them, cut to whole seconds. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function isTime(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text)) return false;
  const ms = Date.parse(text);
  // Date.parse lets 30 February through as 1 March.
  return !Number.isNaN(ms) && formatTime(ms) === text;
}

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
