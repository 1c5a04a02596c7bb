import type { Preview } from '@causeway/core/policy/query';
import { client } from '../../../app/client.ts';
import { type QuietPreview, useQuietPreview } from '../use-quiet-preview.ts';

/** A question in SQL is held against the rules when nobody has typed for a while. */
export function useQuestionPreview(room: string, text: string): QuietPreview<Preview> {
  return useQuietPreview({
    key: ['rooms', room, 'question'],
    text: text.trim() === '' ? undefined : text,
    quietMs: 600,
    ask: async (statement, signal) =>
      (await client.room.preview({ room, statement }, { signal })) as unknown as Preview,
  });
}
