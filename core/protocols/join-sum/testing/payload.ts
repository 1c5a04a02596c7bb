/** How long what a message holds is, without what stands around it: as the disclosure counts it. */
import type { Message } from '../messages.ts';

export function payloadBytes(message: Exclude<Message, { type: 'hello' | 'done' }>): number {
  switch (message.type) {
    case 'points':
    case 'tags':
    case 'bits':
      return message.rows.length;
    case 'labels':
      return message.points.length;
    case 'check':
      return 4 * (message.labelSlots.length + message.emptySlots.length) + message.emptySeed.length;
    case 'opening':
      return message.scalars.length;
    case 'gate':
      return message.tests.length;
    case 'verdicts':
      return message.verdicts.length;
    case 'release':
      return message.released.length + message.ciphertexts.length;
  }
}
