/**
 * Rooms: one member keeps what others upload under pseudonyms, answers questions, and erases it. A room is loaded by a job of an agreement
 * that names its keeper, and bears the job's id; it is sealed when that job has finished under the signatures of all.
 */
import { agreementOfParty, agreementStatus } from './agreements.ts';
import type { AgreementState, Books, JobState, Place, RoomState, Rule } from './books.ts';
import { LedgerError } from './error.ts';

export const roomOpened: Rule<'room.opened'> = (books, entry, place) => {
  const { room, key } = entry.body;
  const job = books.jobs.get(room);
  if (!job) throw new LedgerError('job-unknown', `no job ${room} was started`);
  const agreement = agreementOfParty(books, job.agreement, entry.author);
  if (agreement.room !== entry.author)
    throw new LedgerError('not-permitted', `${entry.author} does not keep a room under this agreement`);
  if (books.rooms.has(room)) throw new LedgerError('already-reported', `room ${room} was opened already`);
  if (job.status !== 'running') throw new LedgerError('job-not-running', `job ${room} has ${job.status} already`);
  if (books.roomKeys.has(key)) throw new LedgerError('key-in-use', 'this key was that of a room before');
  return () => {
    books.roomKeys.add(key);
    books.rooms.set(room, {
      room,
      agreement: agreement.agreement,
      keeper: entry.author,
      key,
      joined: [],
      uploads: [],
      answers: [],
      audiences: [],
      deletedAtMs: undefined,
      acknowledged: [],
    });
    job.records.push(place.index);
  };
};

export const roomJoined: Rule<'room.joined'> = (books, entry, place) => {
  const { room, job } = loadingRoom(books, entry.body.room, entry.author);
  if (room.key !== entry.body.key)
    throw new LedgerError('wrong-key', `${entry.author} has seen another key than that of room ${room.room}`);
  if (room.joined.includes(entry.author))
    throw new LedgerError('already-reported', `${entry.author} has joined room ${room.room} already`);
  return () => {
    room.joined.push(entry.author);
    job.records.push(place.index);
  };
};

export const roomUploaded: Rule<'room.uploaded'> = (books, entry, place) => {
  const { room, job } = loadingRoom(books, entry.body.room, entry.author);
  if (!room.joined.includes(entry.author))
    throw new LedgerError('not-permitted', `${entry.author} has not joined room ${room.room}`);
  if (room.uploads.some(({ organisation }) => organisation === entry.author))
    throw new LedgerError('already-reported', `${entry.author} has said what it uploads to room ${room.room} already`);
  return () => {
    room.uploads.push({ organisation: entry.author, manifest: entry.body.manifest });
    job.records.push(place.index);
  };
};

/** Only of a sealed room, while its agreement holds. */
export const roomAnswered: Rule<'room.answered'> = (books, entry, place) => {
  const { question, result, receivers } = entry.body;
  const { room, job } = releasingRoom(books, { id: entry.body.room, author: entry.author, receivers }, place);
  if (room.answers.some((answer) => answer.question === question))
    throw new LedgerError('already-reported', 'this question was answered already, with the same numbers');
  return () => {
    room.answers.push({ question, result });
    job.records.push(place.index);
  };
};

/** As of answers: a room gives nothing else. */
export const roomSelected: Rule<'room.selected'> = (books, entry, place) => {
  const { audience, result, receiver } = entry.body;
  const of = { id: entry.body.room, author: entry.author, receivers: [receiver] };
  const { room, job } = releasingRoom(books, of, place);
  if (room.audiences.some((one) => one.audience === audience))
    throw new LedgerError('already-reported', 'this audience was given already, with the same rows');
  return () => {
    room.audiences.push({ audience, result, receiver });
    job.records.push(place.index);
  };
};

export const roomDeleted: Rule<'room.deleted'> = (books, entry, place) => {
  const { room, job } = roomOfParty(books, entry.body.room, entry.author);
  if (room.keeper !== entry.author)
    throw new LedgerError('not-permitted', `${entry.author} does not keep room ${room.room}`);
  if (job.status === 'running') throw new LedgerError('agreement-busy', `room ${room.room} is being loaded`);
  if (room.deletedAtMs !== undefined) throw new LedgerError('already-reported', `room ${room.room} is deleted already`);
  return () => {
    room.deletedAtMs = place.sequencedAtMs;
    job.records.push(place.index);
  };
};

export const roomAcknowledged: Rule<'room.acknowledged'> = (books, entry, place) => {
  const { room, job } = roomOfParty(books, entry.body.room, entry.author);
  if (room.keeper === entry.author)
    throw new LedgerError('not-permitted', 'the keeper of a room does not acknowledge its own deletion');
  if (room.deletedAtMs === undefined) throw new LedgerError('room-not-deleted', `room ${room.room} is not deleted`);
  if (room.acknowledged.some(({ organisation }) => organisation === entry.author))
    throw new LedgerError(
      'already-reported',
      `${entry.author} has acknowledged the deletion of room ${room.room} already`,
    );
  return () => {
    room.acknowledged.push({ organisation: entry.author, says: entry.body.says });
    job.records.push(place.index);
  };
};

/** The room of an agreement that is not deleted. */
export function openRoomOf(books: Books, agreement: string): RoomState | undefined {
  for (const room of books.rooms.values())
    if (room.agreement === agreement && room.deletedAtMs === undefined) return room;
  return undefined;
}

/** @throws {LedgerError} `room-unknown`, or `not-permitted` for an organisation that is no party. */
function roomOfParty(
  books: Books,
  id: string,
  organisation: string,
): { readonly room: RoomState; readonly job: JobState; readonly agreement: AgreementState } {
  const room = books.rooms.get(id);
  if (!room) throw new LedgerError('room-unknown', `no room ${id} was opened`);
  return { room, job: books.jobs.get(id)!, agreement: agreementOfParty(books, room.agreement, organisation) };
}

/** A room out of which its keeper may give something to these parties now. */
function releasingRoom(
  books: Books,
  of: { readonly id: string; readonly author: string; readonly receivers: readonly string[] },
  place: Place,
) {
  const found = roomOfParty(books, of.id, of.author);
  const { room, job, agreement } = found;
  if (room.keeper !== of.author) throw new LedgerError('not-permitted', `${of.author} does not keep room ${room.room}`);
  if (job.status !== 'finished') throw new LedgerError('job-not-finished', `room ${room.room} is not sealed`);
  if (room.deletedAtMs !== undefined) throw new LedgerError('room-deleted', `room ${room.room} is deleted`);
  const status = agreementStatus(agreement, place.sequencedAtMs);
  if (status === 'revoked') throw new LedgerError('agreement-revoked', 'the agreement on this room was revoked');
  if (status === 'expired') throw new LedgerError('agreement-expired', 'the agreement on this room has expired');
  const stranger = of.receivers.find((receiver) => !agreement.parties.includes(receiver));
  if (stranger !== undefined)
    throw new LedgerError('not-permitted', `${stranger} is not a party, so it receives nothing`);
  return found;
}

/** A room that takes uploads, as a contributor sees it. */
function loadingRoom(books: Books, id: string, organisation: string) {
  const found = roomOfParty(books, id, organisation);
  if (found.room.keeper === organisation)
    throw new LedgerError('not-permitted', 'the keeper of a room is no contributor to it');
  if (found.job.status !== 'running')
    throw new LedgerError('job-not-running', `job ${id} has ${found.job.status} already`);
  return found;
}
