/** The rules of questions as a room's terms have them, with what is the room's own. */
import { bytesToHex, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import type { BudgetSubject } from '../../policy/index.ts';
import { type Asker, type Catalogue, catalogueHash, parseCatalogue } from '../../policy/query/index.ts';
import { agreementId } from '../agreement-id.ts';
import type { AudienceAsker } from '../request/index.ts';
import type { RoomTerms } from './terms.ts';

/**
 * @param room id of the job that loaded it: its data are an epoch of their own.
 * @throws {RangeError} that names the first rule that contradicts itself or another.
 */
export function catalogueOf(terms: RoomTerms, room: string): Catalogue {
  const epoch = bytesToHex(sha256(utf8ToBytes(`causeway/v1/room-epoch\n${agreementId(terms)}\n${room}`)));
  return parseCatalogue({ audiences: [], ...terms.rules, network: terms.network, epoch });
}

/** SHA-256 of a room's rules, in hexadecimal. */
export function rulesHash(terms: RoomTerms, room: string): string {
  return bytesToHex(catalogueHash(catalogueOf(terms, room)));
}

/** Who asks, as the rules see it: every receiver gets the answers, so their rights are intersected. */
export function askerOf({ receivers, questionPurpose }: RoomTerms): Asker {
  return { receivers, group: groupOf(receivers), purpose: questionPurpose };
}

/**
 * Who is given audiences: the one that the terms name, on the account of all receivers, for it could put an audience together with their answers.
 * @throws {RangeError} for a room whose terms name nobody.
 */
export function audienceAskerOf({ activation, receivers }: RoomTerms): AudienceAsker {
  if (activation === undefined) throw new RangeError('nobody is given audiences of this room');
  const { receiver, purpose, minimumPersons } = activation;
  return { receivers: [receiver], group: groupOf(receivers), purpose, minimumPersons };
}

/** The account of each owner's people that answers of this room are charged to. */
export function budgetsOf(terms: RoomTerms): readonly BudgetSubject[] {
  const { network, receivers } = terms;
  const { tables } = catalogueOf(terms, 'any');
  const people = new Map(tables.map(({ owner, subjects }) => [JSON.stringify([owner, subjects]), { owner, subjects }]));
  return [...people.values()].map((of) => ({ ...of, network, receivers: groupOf(receivers) }));
}

/** Receivers that can put their answers together, by one name, whatever the agreement. */
function groupOf(receivers: readonly string[]): string {
  const sorted = [...receivers].sort();
  if (sorted.length === 1) return sorted[0]!;
  return `group-${bytesToHex(sha256(utf8ToBytes(sorted.join('\n')))).slice(0, 32)}`;
}
