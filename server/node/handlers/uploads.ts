import { type ResponseOf, uploadPieceBytes } from '@causeway/core/api';
import type { DomainHandlers } from '../../http/index.ts';
import { timeText } from '../services.ts';
import type { Upload, Uploads } from '../uploads.ts';

type Names = `upload.${'begin' | 'put' | 'list' | 'remove'}`;

export function uploadHandlers(uploads: Uploads): Pick<DomainHandlers, Names> {
  return {
    'upload.begin': async ({ body }, { user }) => uploadView(await uploads.begin({ ...body, user: user.name })),
    'upload.put': async ({ params, query, body }) =>
      uploadView(await uploads.put(params.upload, Number(params.piece), { bytes: body.bytes, digest: query.digest })),
    'upload.list': async () => ({ items: uploads.list().map(uploadView), pieceBytes: uploadPieceBytes }),
    'upload.remove': async ({ params }) => {
      await uploads.remove(params.upload);
      return {};
    },
  };
}

function uploadView({ path, startedAtMs, expiresAtMs, ...upload }: Upload): ResponseOf<'upload.begin'> {
  return {
    ...upload,
    ...(path === undefined ? {} : { path }),
    startedAt: timeText(startedAtMs),
    expiresAt: timeText(expiresAtMs),
  };
}
