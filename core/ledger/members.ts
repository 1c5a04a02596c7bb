/**
 * Who is in the network. The operator's first entry makes the network; a member joins with a consent under its own key and, once it has
 * left, never comes back with that key: an old consent cannot bring it back against its will, and nobody can put another key under the
 * agreements that it had signed.
 */
import { base64ToBytes } from '../bytes/index.ts';
import { verify } from '../crypto/index.ts';
import { agreementsOf, endAgreement } from './agreements.ts';
import type { Member } from './bodies.ts';
import { parseTime } from './bodies.ts';
import { activeMember, type Books, type MemberState, type Place, type Rule } from './books.ts';
import { memberConsentBytes } from './entry.ts';
import { LedgerError } from './error.ts';
import { guestPrefix } from './guests.ts';

export const networkCreated: Rule<'network.created'> = (books, entry, place) => {
  const { name, operator } = entry.body;
  if (books.network || place.index !== 0)
    throw new LedgerError('network-exists', 'a network is made once, by its first record');
  if (operator.organisation !== entry.author) {
    throw new LedgerError('not-permitted', 'a network is made by its operator', {
      pointer: '/body/operator/organisation',
    });
  }
  return () => {
    books.network = { id: entry.network, name, operator: operator.organisation };
    addMember(books, operator, { at: entry.at, place });
  };
};

export const memberJoined: Rule<'member.joined'> = (books, entry, place) => {
  const { member, consent } = entry.body;
  if (entry.author !== books.network?.operator)
    throw new LedgerError('not-permitted', 'only the operator lets a member in');
  if (member.organisation.startsWith(guestPrefix)) {
    throw new LedgerError('not-permitted', `names that begin with ${guestPrefix} are those of guests`);
  }
  if (books.members.get(member.organisation)?.status === 'active') {
    throw new LedgerError('member-exists', `${member.organisation} is a member already`);
  }
  if (books.identityKeys.has(member.identityKey)) {
    throw new LedgerError(
      'key-in-use',
      `the identity key of ${member.organisation} is or was that of a member; a new one is needed`,
    );
  }
  checkCertificate(books, member);
  const message = memberConsentBytes({ network: entry.network, member });
  if (!verify(base64ToBytes(consent), message, base64ToBytes(member.identityKey))) {
    throw new LedgerError(
      'consent-invalid',
      `the consent of ${member.organisation} is not signed with its identity key`,
    );
  }
  return () => addMember(books, member, { at: entry.at, place });
};

export const memberUpdated: Rule<'member.updated'> = (books, entry, place) => {
  const member = activeMember(books, entry.author);
  const { endpoint, tlsFingerprint, name } = entry.body;
  const changedAtMs = parseTime(entry.at);
  if (changedAtMs < member.changedAtMs) {
    throw new LedgerError('stale-entry', `${entry.author} has described itself anew since ${entry.at}`);
  }
  if (tlsFingerprint !== undefined) checkCertificate(books, { organisation: entry.author, tlsFingerprint });
  if (name !== undefined) checkName(books, { organisation: entry.author, name });
  return () => {
    if (endpoint !== undefined) member.endpoint = endpoint;
    if (tlsFingerprint !== undefined) member.tlsFingerprint = tlsFingerprint;
    if (name !== undefined) member.name = name;
    member.changedAtMs = changedAtMs;
    member.records.push(place.index);
  };
};

/** Its datasets go with a member, and so do the agreements that it is a party of; a job that runs can then only fail. */
export const memberLeft: Rule<'member.left'> = (books, entry, place) => {
  const { organisation } = entry.body;
  const member = activeMember(books, organisation);
  const operator = books.network?.operator;
  if (organisation === operator) throw new LedgerError('not-permitted', 'the operator cannot leave its own network');
  if (entry.author !== organisation && entry.author !== operator) {
    throw new LedgerError('not-permitted', `only ${organisation} itself or the operator can end its membership`);
  }
  return () => {
    member.status = 'left';
    member.records.push(place.index);
    for (const dataset of books.datasets.values()) {
      if (dataset.owner !== organisation || dataset.status === 'withdrawn') continue;
      dataset.status = 'withdrawn';
      dataset.records.push(place.index);
    }
    for (const agreement of agreementsOf(books, organisation)) endAgreement(agreement, { by: organisation, place });
  };
};

function addMember(books: Books, member: Member, { at, place }: { at: string; place: Place }): void {
  const former = books.members.get(member.organisation);
  const state: MemberState = {
    ...member,
    endpoint: member.endpoint,
    status: 'active',
    joined: [...(former?.joined ?? []), place.index],
    joinedAtMs: parseTime(at),
    changedAtMs: parseTime(at),
    records: [...(former?.records ?? []), place.index],
  };
  books.members.set(member.organisation, state);
  books.identityKeys.add(member.identityKey);
}

/** Nodes know each other by certificate, so two members never share one. */
function checkCertificate(
  books: Books,
  { organisation, tlsFingerprint }: Pick<Member, 'organisation' | 'tlsFingerprint'>,
): void {
  for (const other of books.members.values()) {
    if (other.status === 'left' || other.organisation === organisation || other.tlsFingerprint !== tlsFingerprint)
      continue;
    throw new LedgerError(
      'certificate-in-use',
      `${other.organisation} already uses the certificate that ${organisation} states`,
    );
  }
}

/** Nobody takes the very name of another member; one that only looks like it is told apart by the organisation's short name, which never changes. */
function checkName(books: Books, { organisation, name }: Pick<Member, 'organisation' | 'name'>): void {
  for (const other of books.members.values()) {
    if (other.status === 'left' || other.organisation === organisation || other.name !== name) continue;
    throw new LedgerError('name-in-use', `${other.organisation} is called so already`);
  }
}
