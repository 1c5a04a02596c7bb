/** What was charged and then refused is kept like an answer: asked again, it is refused in the same words, for free. */
import { QueryRefused, type RefusalCode, type RefusalPlace } from '@causeway/core/policy/query';
import type { End } from './paid.ts';

interface StoredRefusal {
  readonly code: RefusalCode;
  readonly place: RefusalPlace;
}

/** @param compute may refuse what it has looked at. @throws what it throws, but {QueryRefused}. */
export async function guarded(compute: () => Promise<unknown>): Promise<End> {
  try {
    return { status: 'answered', answer: await compute() };
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    const refusal: StoredRefusal = { code: error.code, place: error.place };
    return { status: 'refused', answer: refusal };
  }
}

/** @returns what it came to, of the kind that was computed. @throws {QueryRefused} */
export function answerOf<Answer>({ status, answer }: End): Answer {
  if (status === 'answered') return answer as Answer;
  const { code, place } = answer as StoredRefusal;
  throw new QueryRefused(code, place);
}
