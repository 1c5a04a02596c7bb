import type { Preview } from '@causeway/core/policy/query';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../../app/client.ts';

/** So long a text stays as it is before it is held against the rules. */
const quietMs = 600;

/** What a question would cost and give, asked when nobody has typed for a while: it reads no data and spends nothing. */
export function useQuestionPreview(
  room: string,
  text: string,
): {
  readonly preview: Preview | undefined;
  readonly error: Error | null;
  /** Whether what is shown is of the text as it is now. */
  readonly isCurrent: boolean;
} {
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), quietMs);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ['rooms', room, 'question', asked],
    enabled: asked.trim() !== '',
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await client.room.preview({ room, statement: asked }, { signal })) as unknown as Preview,
  });
  const isCurrent = asked === text && !isPlaceholderData && !isFetching;
  return { preview: asked.trim() === '' ? undefined : data, error: isCurrent ? error : null, isCurrent };
}
