/**
 * Jobs: executions of agreements, metered by both sides. A job takes a use when it starts; the use comes back only where every party says
 * that the job failed before anything was exchanged.
 */
import { base64ToBytes } from '../bytes/index.ts';
import { verify } from '../crypto/index.ts';
import { agreementOfParty, agreementStatus, checkNotEnded, isSignedByAll } from './agreements.ts';
import { type AgreementState, activeMember, type Books, type JobState, type Rule } from './books.ts';
import { publishedDataset } from './datasets.ts';
import { jobOutcomeBytes } from './entry.ts';
import { LedgerError } from './error.ts';
import { openRoomOf } from './rooms.ts';

export const jobStarted: Rule<'job.started'> = (books, entry, place) => {
  const { job, agreement: id } = entry.body;
  if (books.jobs.has(job)) throw new LedgerError('job-exists', `job ${job} is on the ledger already`);
  const agreement = agreementOfParty(books, id, entry.author);
  checkRunnable(books, agreement, place.sequencedAtMs);
  return () => {
    agreement.usesTaken += 1;
    agreement.runningJob = job;
    agreement.records.push(place.index);
    books.jobs.set(job, {
      job,
      agreement: id,
      startedBy: entry.author,
      startedAtMs: place.sequencedAtMs,
      status: 'running',
      outcome: undefined,
      failures: [],
      released: [],
      records: [place.index],
    });
  };
};

export const jobFinished: Rule<'job.finished'> = (books, entry, place) => {
  const { job: id, outcome, signatures } = entry.body;
  const { job, agreement } = jobOfParty(books, id, entry.author);
  if (job.status !== 'running') throw new LedgerError('job-not-running', `job ${id} has ${job.status} already`);
  const signers = new Map(signatures.map(({ organisation, signature }) => [organisation, signature]));
  const keys = signingKeys(books, agreement);
  if (signers.size !== signatures.length || signatures.length !== keys.length) {
    throw new LedgerError('outcome-signature-invalid', `job ${id} needs one signature of each of its parties`);
  }
  const message = jobOutcomeBytes({ job: id, outcome });
  for (const { party, key } of keys) {
    const signature = signers.get(party);
    if (signature !== undefined && verify(base64ToBytes(signature), message, base64ToBytes(key))) continue;
    throw new LedgerError('outcome-signature-invalid', `${party} has not signed this outcome of job ${id}`);
  }
  return () => {
    job.status = 'finished';
    job.outcome = outcome;
    job.records.push(place.index);
    agreement.runningJob = undefined;
  };
};

/** The first ends the job; each other party then tells its own side, once. */
export const jobFailed: Rule<'job.failed'> = (books, entry, place) => {
  const { job: id, code, exchanged } = entry.body;
  const { job, agreement } = jobOfParty(books, id, entry.author);
  if (job.status === 'finished') throw new LedgerError('job-not-running', `job ${id} has finished already`);
  if (job.failures.some(({ organisation }) => organisation === entry.author)) {
    throw new LedgerError('already-reported', `${entry.author} has reported the failure of job ${id} already`);
  }
  return () => {
    if (job.status === 'running') agreement.runningJob = undefined;
    job.status = 'failed';
    job.failures.push({ organisation: entry.author, code, exchanged });
    job.records.push(place.index);
    const unused =
      job.failures.length === agreement.parties.length && job.failures.every((failure) => !failure.exchanged);
    if (unused) agreement.usesTaken -= 1;
  };
};

export const resultReleased: Rule<'result.released'> = (books, entry, place) => {
  const { job: id, digest } = entry.body;
  const { job } = jobOfParty(books, id, entry.author);
  if (job.status !== 'finished')
    throw new LedgerError('job-not-finished', `job ${id} has not finished, so it has no result`);
  if (job.released.some(({ organisation }) => organisation === entry.author)) {
    throw new LedgerError('already-reported', `${entry.author} has released the result of job ${id} already`);
  }
  return () => {
    job.released.push({ organisation: entry.author, digest });
    job.records.push(place.index);
  };
};

function checkRunnable(books: Books, agreement: AgreementState, atMs: number): void {
  checkNotEnded(agreement);
  const status = agreementStatus(agreement, atMs);
  if (status === 'expired') throw new LedgerError('agreement-expired', 'the agreement has expired');
  if (!isSignedByAll(agreement)) {
    const missing = agreement.parties.filter((party) => !agreement.signedBy.includes(party)).join(', ');
    throw new LedgerError('agreement-not-active', `the agreement is not signed by ${missing}`);
  }
  if (agreement.runningJob !== undefined) {
    throw new LedgerError('agreement-busy', `job ${agreement.runningJob} of this agreement is still running`);
  }
  const room = openRoomOf(books, agreement.agreement);
  if (room)
    throw new LedgerError('room-open', `the room ${room.room} of this agreement is still there; close it first`);
  if (status === 'exhausted')
    throw new LedgerError('agreement-exhausted', `all ${agreement.usesMax} uses of the agreement are consumed`);
  for (const party of agreement.parties) memberSince(books, agreement, party);
  for (const dataset of agreement.datasets) publishedDataset(books, dataset);
}

/** Whose signatures an outcome needs: of the members that are parties, and of a guest. */
function signingKeys(books: Books, agreement: AgreementState): { readonly party: string; readonly key: string }[] {
  const members = agreement.parties.map((party) => ({ party, key: memberSince(books, agreement, party).identityKey }));
  const { guest } = agreement;
  return guest ? [...members, { party: guest.name, key: guest.key }] : members;
}

/** A party that is still the member that it was when the agreement was proposed. */
function memberSince(books: Books, agreement: AgreementState, party: string) {
  const member = activeMember(books, party);
  if (member.joined.at(-1)! < agreement.proposedIndex) return member;
  throw new LedgerError('not-a-member', `${party} has left and joined again since the agreement was proposed`);
}

function jobOfParty(books: Books, id: string, organisation: string): { job: JobState; agreement: AgreementState } {
  const job = books.jobs.get(id);
  if (!job) throw new LedgerError('job-unknown', `no job ${id} was started`);
  return { job, agreement: agreementOfParty(books, job.agreement, organisation) };
}
