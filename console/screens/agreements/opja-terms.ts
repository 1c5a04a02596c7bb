/** What the terms of an activation say of OPJA's keys. This node has checked the terms before they came here. */
import type { ResponseOf } from '@causeway/core/api';
import type { ActivateTerms } from '@causeway/core/applications/activate';

type Terms = ResponseOf<'agreement.show'>['terms'];

/** @returns undefined for terms of another kind. */
export function activationOf(terms: Terms): ActivateTerms | undefined {
  return terms.operation === 'activate' ? (terms as unknown as ActivateTerms) : undefined;
}

/** Who advertises under these terms, by its id. */
export function advertiserOf({ advertiser, ...sides }: ActivateTerms): string {
  return sides[advertiser].organisation;
}

/** @param self this organisation. @returns undefined where no labels are made. */
export function opjaOf(terms: Terms, self: string) {
  const activation = activationOf(terms);
  if (activation?.form.kind !== 'opja') return undefined;
  const { system, receiver } = activation.form;
  return { system, receiver, isAdvertiser: advertiserOf(activation) === self };
}
