import { client } from '../../app/client.ts';
import type { ReportPreview } from './report-preview.ts';
import { type QuietPreview, useQuietPreview } from './use-quiet-preview.ts';

/** @param request of a report; undefined while it is unfinished. */
export function usePreview(room: string, request: unknown): QuietPreview<ReportPreview> {
  return useQuietPreview({
    key: ['rooms', room, 'preview'],
    text: request === undefined ? undefined : JSON.stringify(request),
    quietMs: 350,
    ask: async (text, signal) =>
      (await client.room.previewReport({ room, request: JSON.parse(text) }, { signal })) as unknown as ReportPreview,
  });
}
