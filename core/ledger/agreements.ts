/**
 * Agreements: proposed by one party, who thereby signs; active once all have signed; ended by a rejection before that, by anyone's
 * revocation at any time, by expiry, or when its uses are consumed. Only the hash of the terms is on the ledger.
 */
import { type DeepReadonly, parseTime } from './bodies.ts';
import { type AgreementState, activeMember, type Books, type Place, type Rule } from './books.ts';
import { publishedDataset } from './datasets.ts';
import { LedgerError } from './error.ts';
import { guestName, hasGuestConsented } from './guests.ts';

export type AgreementStatus = 'proposed' | 'active' | 'rejected' | 'revoked' | 'expired' | 'exhausted';

/** What an agreement is worth at a time (milliseconds since the epoch). */
export function agreementStatus(agreement: DeepReadonly<AgreementState>, atMs: number): AgreementStatus {
  if (agreement.rejectedBy !== undefined) return 'rejected';
  if (agreement.revokedBy !== undefined) return 'revoked';
  if (atMs >= agreement.expiresAtMs) return 'expired';
  if (agreement.usesTaken >= agreement.usesMax) return 'exhausted';
  return isSignedByAll(agreement) ? 'active' : 'proposed';
}

/** Whether all members that are parties have signed. */
export function isSignedByAll({ parties, signedBy }: DeepReadonly<AgreementState>): boolean {
  return parties.every((party) => signedBy.includes(party));
}

export const agreementProposed: Rule<'agreement.proposed'> = (books, entry, place) => {
  const { agreement, parties, datasets, operation, room, guest, usesMax, expiresAt } = entry.body;
  if (books.agreements.has(agreement))
    throw new LedgerError('agreement-exists', 'an agreement with these terms was proposed already');
  if (!parties.includes(entry.author))
    throw new LedgerError('not-permitted', 'an agreement is proposed by one of its parties');
  for (const party of parties) activeMember(books, party);
  if (room !== undefined && !parties.includes(room)) {
    throw new LedgerError('not-permitted', `${room} is not a party, so it cannot keep the room`, {
      pointer: '/body/room',
    });
  }
  for (const [i, dataset] of datasets.entries()) {
    if (!parties.includes(dataset.owner)) {
      const pointer = `/body/datasets/${i}/owner`;
      throw new LedgerError('not-permitted', `${dataset.owner} is not a party, so its dataset cannot be used`, {
        pointer,
      });
    }
    publishedDataset(books, dataset);
  }
  if (guest && !hasGuestConsented(guest, { network: entry.network, host: entry.author, agreement })) {
    throw new LedgerError('consent-invalid', 'the guest has not signed this agreement', { pointer: '/body/guest' });
  }
  const name = guest && guestName(guest.key);
  const expiresAtMs = parseTime(expiresAt);
  if (expiresAtMs <= place.sequencedAtMs)
    throw new LedgerError('agreement-expired', `the agreement would have expired at ${expiresAt}`);
  return () => {
    books.agreements.set(agreement, {
      agreement,
      parties,
      datasets,
      operation,
      room,
      guest: guest && { name: name!, key: guest.key },
      usesMax,
      expiresAtMs,
      proposedBy: entry.author,
      proposedIndex: place.index,
      signedBy: name === undefined ? [entry.author] : [entry.author, name],
      rejectedBy: undefined,
      revokedBy: undefined,
      usesTaken: 0,
      runningJob: undefined,
      records: [place.index],
    });
  };
};

export const agreementSigned: Rule<'agreement.signed'> = (books, entry, place) => {
  const agreement = agreementOfParty(books, entry.body.agreement, entry.author);
  if (agreement.signedBy.includes(entry.author)) {
    throw new LedgerError('already-signed', `${entry.author} has signed this agreement already`);
  }
  checkOpen(agreement, place.sequencedAtMs);
  return () => {
    agreement.signedBy.push(entry.author);
    agreement.records.push(place.index);
  };
};

export const agreementRejected: Rule<'agreement.rejected'> = (books, entry, place) => {
  const agreement = agreementOfParty(books, entry.body.agreement, entry.author);
  checkOpen(agreement, place.sequencedAtMs);
  if (agreement.signedBy.includes(entry.author)) {
    throw new LedgerError('already-signed', `${entry.author} has signed this agreement; it can revoke it`);
  }
  return () => {
    agreement.rejectedBy = entry.author;
    agreement.records.push(place.index);
  };
};

/** By any party, the proposer of a proposal included. A job that runs may still come to its end. */
export const agreementRevoked: Rule<'agreement.revoked'> = (books, entry, place) => {
  const agreement = agreementOfParty(books, entry.body.agreement, entry.author);
  checkNotEnded(agreement);
  return () => endAgreement(agreement, { by: entry.author, place });
};

/** @throws {LedgerError} `agreement-unknown`, or `not-permitted` for an organisation that is no party. */
export function agreementOfParty(books: Books, id: string, organisation: string): AgreementState {
  const agreement = books.agreements.get(id);
  if (!agreement) throw new LedgerError('agreement-unknown', 'no agreement with these terms was proposed');
  if (!agreement.parties.includes(organisation)) {
    throw new LedgerError('not-permitted', `${organisation} is not a party of this agreement`);
  }
  return agreement;
}

export function* agreementsOf(books: Books, organisation: string): Generator<AgreementState> {
  for (const agreement of books.agreements.values()) if (agreement.parties.includes(organisation)) yield agreement;
}

/** Ends an agreement that has not been ended already. */
export function endAgreement(agreement: AgreementState, { by, place }: { by: string; place: Place }): void {
  if (agreement.rejectedBy !== undefined || agreement.revokedBy !== undefined) return;
  agreement.revokedBy = by;
  agreement.records.push(place.index);
}

/** @throws {LedgerError} `agreement-rejected`, `agreement-revoked`. */
export function checkNotEnded({ rejectedBy, revokedBy }: AgreementState): void {
  if (rejectedBy !== undefined)
    throw new LedgerError('agreement-rejected', `${rejectedBy} has rejected this agreement`);
  if (revokedBy !== undefined) throw new LedgerError('agreement-revoked', `${revokedBy} has revoked this agreement`);
}

function checkOpen(agreement: AgreementState, atMs: number): void {
  checkNotEnded(agreement);
  const status = agreementStatus(agreement, atMs);
  if (status === 'expired') throw new LedgerError('agreement-expired', 'the agreement has expired');
  if (status !== 'proposed') throw new LedgerError('agreement-not-proposed', 'all parties have signed this agreement');
}
