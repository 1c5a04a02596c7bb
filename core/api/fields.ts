/** Field shapes that several routes share. */
import { z } from 'zod';

/** One line of text that a person wrote: no control characters, none of the marks that reverse or hide text. */
export const line = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    // C0, DEL, C1, line and paragraph separators, and the bidirectional overrides and isolates (Trojan Source).
    .regex(
      /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/,
      'no control or direction characters',
    )
    .refine((text) => text.isWellFormed(), 'no lone surrogates')
    .refine((text) => text.trim() === text, 'no blanks at the ends');

export const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/, 'a-z, 0-9 and -, at most 63');
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, - and _, at most 64');
/** An id, or the name that the node's users gave to the thing. */
export const reference = line(200);
export const digest = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
/** RFC 3339 in UTC, such as `2026-03-01T08:00:00Z`. */
export const time = z.iso.datetime();
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const share = z.number().min(0).max(1);
/** A stable name for machines, lower-case words joined by `-`. */
export const code = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
/** One sentence in both languages of the product. */
export const words = z.strictObject({ en: z.string(), zh: z.string() });
/** A path on the node's own machine, absolute. */
export const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\u0000-\u001f]*$/, 'no control characters');
/** An identifier profile as a user types it: `phone`, `phone/md5`, `email:uid2/sha256`, `openid@wx123`. */
export const profile = line(200);
export const grade = z.enum(['public', 'internal', 'personal', 'sensitive']);
export const columnName = z.string().min(1).max(200);
/** Of telephone numbers: how much of its densest number segment a column covers, in whole percent. */
export const density = z.union([z.number().int().min(0).max(100), z.literal('not-measurable')]);

/** `after`: the `next` of the page before; absent on the first page. */
export const page = {
  after: z.string().min(1).max(100).optional(),
  limit: z.coerce.number<number>().int().min(1).max(1000).default(100),
};

/** A page of a list; `next` is absent on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().optional() });

export const nothing = z.strictObject({});

/** Who did something, as it is shown beside it. */
export const userName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@-]*$/u, 'letters, digits, and . _ @ -');
