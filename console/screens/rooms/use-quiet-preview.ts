import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

export interface QuietPreview<Preview> {
  readonly preview: Preview | undefined;
  readonly error: Error | null;
  /** Whether what is shown is of the text as it is now. */
  readonly isCurrent: boolean;
}

/**
 * What something would cost and give, asked when nobody has changed its text for a while: it reads no data and spends nothing.
 * @param of.text undefined where there is nothing to ask yet.
 * @param of.quietMs so long the text has to stay as it is.
 */
export function useQuietPreview<Preview>(of: {
  readonly key: readonly string[];
  readonly text: string | undefined;
  readonly quietMs: number;
  readonly ask: (text: string, signal: AbortSignal) => Promise<Preview>;
}): QuietPreview<Preview> {
  const { key, text, quietMs, ask } = of;
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), quietMs);
    return () => clearTimeout(timer);
  }, [text, quietMs]);
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: [...key, asked],
    enabled: asked !== undefined,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ask(asked!, signal),
  });
  const isCurrent = asked === text && !isPlaceholderData && !isFetching;
  return {
    preview: asked === undefined ? undefined : (data as Preview | undefined),
    error: isCurrent ? error : null,
    isCurrent,
  };
}
