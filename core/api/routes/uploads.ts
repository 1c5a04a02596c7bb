import { z } from 'zod';
import { utf8ToBytes } from '../../bytes/index.ts';
import { count, digest, id, line, nothing, time } from '../fields.ts';
import type { Role } from '../role.ts';
import type { Route } from '../route.ts';

/** Bytes of every piece of an upload but the last, which may be shorter. */
export const uploadPieceBytes: number = 4 * 1024 * 1024;

/** File systems take names of 255 bytes. */
const nameBytesMax = 255;

/** A file's own name: no folder, no way to another, none that a system gives a meaning of its own. */
const fileName = line(200)
  .refine((name) => !/[\\/:*?"<>|]/.test(name), 'a name without / \\ : * ? " < > |')
  .refine((name) => !name.startsWith('.') && !name.endsWith('.'), 'a name that neither begins nor ends with a dot')
  .refine((name) => utf8ToBytes(name).length <= nameBytesMax, `at most ${nameBytesMax} bytes`);

/** A file that is on its way to the node, in pieces that come in order. */
export const upload = z
  .strictObject({
    id,
    name: z.string(),
    bytes: count,
    /** Whole pieces, and with the last one the file. */
    received: count,
    /** What whoever sends it told it by: the same file has the same, so that it can be gone on with. */
    fingerprint: digest,
    /** On the node's machine, for `dataset.inspect` and `dataset.add`; once all of it is there. */
    path: z.string().optional(),
    startedBy: z.string(),
    startedAt: time,
    /** When it is removed, unless it was taken in before. */
    expiresAt: time,
  })
  .meta({ id: 'Upload' });

const roles: readonly Role[] = ['admin', 'steward'];
const params = z.strictObject({ upload: id });

export const uploadRoutes = {
  'upload.begin': {
    method: 'POST',
    path: '/v1/uploads',
    summary: 'Begins to send a file to the node; refused where it has no room for it',
    roles,
    body: z.strictObject({ name: fileName, bytes: count.min(1), fingerprint: digest }),
    response: upload,
    errors: ['disk-full', 'upload-quota'],
  },
  'upload.put': {
    method: 'PUT',
    path: '/v1/uploads/{upload}/pieces/{piece}',
    summary: `Sends one piece of ${uploadPieceBytes} bytes, counted from 0; one that is there already changes nothing`,
    roles,
    params: params.extend({ piece: z.string().regex(/^(0|[1-9]\d{0,8})$/, 'the number of a piece') }),
    /** SHA-256 of the piece. */
    query: z.strictObject({ digest }),
    bytes: { max: uploadPieceBytes },
    response: upload,
    errors: ['digest-differs', 'piece-out-of-order', 'disk-full'],
  },
  'upload.list': {
    method: 'GET',
    path: '/v1/uploads',
    summary: 'Files on their way, and those that wait to be taken in',
    roles: [...roles, 'auditor'],
    response: z.strictObject({ items: z.array(upload), pieceBytes: count }),
  },
  'upload.remove': {
    method: 'DELETE',
    path: '/v1/uploads/{upload}',
    summary: 'Forgets an upload and what came of it',
    roles,
    params,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
