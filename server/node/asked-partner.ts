import { z } from 'zod';

/** Whether a call that failed had reached the partner's node: one of an older version knows not what was asked, or answers in another form. */
export function isAnswered(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === 'peer' || error instanceof z.ZodError;
}
