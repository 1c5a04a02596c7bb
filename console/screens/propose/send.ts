/** Sends a draft, or asks what would be signed if it were sent: the same request to the same route. */
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { client } from '../../app/client.ts';
import { type AnyDraft, requestOf } from './draft.ts';

export type Proposed = ResponseOf<'agreement.proposeMatch'>;

export function propose(
  draft: AnyDraft,
  { dryRun, nowMs }: { readonly dryRun: boolean; readonly nowMs: number },
  signal?: AbortSignal,
): Promise<Proposed> {
  const request: unknown = { ...requestOf(draft, nowMs), dryRun };
  const options = signal === undefined ? {} : { signal };
  switch (draft.operation) {
    case 'match':
      return client.agreement.proposeMatch(request as RequestOf<'agreement.proposeMatch'>, options);
    case 'insight':
      return client.agreement.proposeInsight(request as RequestOf<'agreement.proposeInsight'>, options);
    case 'room':
      return client.agreement.proposeRoom(request as RequestOf<'agreement.proposeRoom'>, options);
    case 'deliver':
      return client.agreement.proposeDelivery(request as RequestOf<'agreement.proposeDelivery'>, options);
    case 'activate':
      return client.agreement.proposeActivation(request as RequestOf<'agreement.proposeActivation'>, options);
  }
}
