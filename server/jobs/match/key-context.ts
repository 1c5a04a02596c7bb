import { createHash } from 'node:crypto';
import { lengthPrefixed, utf8ToBytes } from '@causeway/core/bytes';

/**
 * What match keys are bound to: the network and the form of the identifiers. Keys of one network and form stay comparable inside a node,
 * for its difference guard; on the wire everything is bound to the agreement and the job as well.
 * @returns 64 hexadecimal digits.
 */
export function keyContext(network: string, form: string): string {
  return createHash('sha256')
    .update('causeway/v1/match-key')
    .update(lengthPrefixed(utf8ToBytes(network), utf8ToBytes(form)))
    .digest('hex');
}
