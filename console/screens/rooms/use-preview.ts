/** What a request to a room would cost, asked anew as it changes: it reads no data and is free. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../app/client.ts';
import type { ReportPreview } from './report-preview.ts';

/** While somebody is still choosing, nothing is asked. */
const quietMs = 350;

export function usePreview(
  room: string,
  request: unknown,
): {
  readonly preview: ReportPreview | undefined;
  readonly error: Error | null;
  /** Whether what is shown is of the request as it is now. */
  readonly isCurrent: boolean;
} {
  const text = request === undefined ? undefined : JSON.stringify(request);
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), quietMs);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ['rooms', room, 'preview', asked],
    enabled: asked !== undefined,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await client.room.previewReport({ room, request: JSON.parse(asked!) }, { signal })) as unknown as ReportPreview,
  });
  const isCurrent = asked === text && !isPlaceholderData && !isFetching;
  return { preview: asked === undefined ? undefined : data, error: isCurrent ? error : null, isCurrent };
}
