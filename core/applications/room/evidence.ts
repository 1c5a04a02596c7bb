/**
 * The evidence of a room as one document: what was agreed, under which key it was loaded, that all signed its uploads, how often it answered, and
 * that it was erased. It verifies without a node; no pseudonym, no row, no question and no number is in it.
 */
import type { LedgerRecord } from '../../ledger/index.ts';
import {
  type EvidenceChecks,
  type EvidenceOptions,
  type EvidenceReport,
  isFinishedByAll,
  isReleasedByAll,
  isSignedByAll,
  isStarted,
  type RunEvidence,
  verifyRun,
} from '../evidence.ts';
import { disclose } from './disclosure.ts';
import { outcomeDigest, type RoomOutcome, roomOutcome } from './outcome.ts';
import { contributorsOf, type RoomTerms, roomParties, roomTerms } from './terms.ts';

export const evidenceFormat = 'causeway/room-evidence/v1';

export type RoomEvidence = RunEvidence<typeof evidenceFormat, RoomTerms, RoomOutcome>;

/** Verifies evidence. A check that fails is told, and those that hang on it are left out. */
export function verifyEvidence(document: unknown, options: EvidenceOptions = {}): EvidenceReport {
  return verifyRun(
    document,
    options,
    { format: evidenceFormat, terms: roomTerms, outcome: roomOutcome, disclose },
    checkRecords,
  );
}

function checkRecords(
  checks: EvidenceChecks,
  records: readonly LedgerRecord[],
  { id, job, terms, outcome }: { id: string; job: string; terms: RoomTerms; outcome: RoomOutcome },
): void {
  const parties = roomParties(terms);
  const contributors = contributorsOf(terms);
  const entries = records.map(({ entry }) => entry);
  checks.check('agreement', `proposed by ${parties[0]} and signed by all others, with the hash of these terms`, () =>
    isSignedByAll(records, id, parties),
  );
  checks.check('run', `job ${job} was started under this agreement`, () => isStarted(records, { job, agreement: id }));
  checks.check(
    'room',
    `${terms.room} opened the room under one key, and every contributor joined under that key`,
    () => {
      const opened = entries.some(
        (entry) =>
          entry.type === 'room.opened' &&
          entry.author === terms.room &&
          entry.body.room === job &&
          entry.body.key === outcome.key,
      );
      const joined = (party: string) =>
        entries.some(
          (entry) =>
            entry.type === 'room.joined' &&
            entry.author === party &&
            entry.body.room === job &&
            entry.body.key === outcome.key,
        );
      return opened && contributors.every(joined);
    },
  );
  checks.check(
    'uploads',
    'every contributor said what it uploads before it was taken in',
    () =>
      outcome.uploads.length === contributors.length &&
      outcome.uploads.every(({ organisation, manifest }) =>
        entries.some(
          (entry) =>
            entry.type === 'room.uploaded' &&
            entry.author === organisation &&
            entry.body.room === job &&
            entry.body.manifest === manifest,
        ),
      ),
  );
  checks.check('outcome', 'all parties signed this outcome: the key, and every upload by its manifest', () =>
    isFinishedByAll(records, { job, outcome: outcomeDigest(outcome) }, parties),
  );
  checks.check('released', 'each party said on the ledger that its part has ended', () =>
    isReleasedByAll(records, job, parties),
  );
  checkLater(checks, records, { job, terms });
}

/** What happened to the room after it was sealed. */
function checkLater(
  checks: EvidenceChecks,
  records: readonly LedgerRecord[],
  { job, terms }: { readonly job: string; readonly terms: RoomTerms },
): void {
  const ofRoom = <Type extends LedgerRecord['entry']['type']>(type: Type) =>
    records.filter(({ entry }) => entry.type === type && 'room' in entry.body && entry.body.room === job);
  const [answers, deletions] = [ofRoom('room.answered'), ofRoom('room.deleted')];
  checks.check('answers', `${answers.length} questions were answered, to receivers that the terms name`, () =>
    answers.every(
      ({ entry }) =>
        entry.type === 'room.answered' &&
        entry.author === terms.room &&
        entry.body.receivers.every((receiver) => terms.receivers.includes(receiver)),
    ),
  );
  const audiences = ofRoom('room.selected');
  const { activation } = terms;
  if (audiences.length > 0) {
    checks.check(
      'audiences',
      `${audiences.length} audiences were given, to the receiver that the terms name, and no more of them than they allow`,
      () =>
        activation !== undefined &&
        audiences.length <= activation.audiencesMax &&
        audiences.every(
          ({ entry }) =>
            entry.type === 'room.selected' &&
            entry.author === terms.room &&
            entry.body.receiver === activation.receiver,
        ),
    );
  }
  if (deletions.length === 0) return;
  const objections = ofRoom('room.acknowledged').filter(
    ({ entry }) => entry.type === 'room.acknowledged' && entry.body.says === 'objects',
  );
  checks.check(
    'deleted',
    `${terms.room} said that it erased the room after all that it gave, and no contributor objected`,
    () =>
      deletions.every(({ entry }) => entry.author === terms.room) &&
      [...answers, ...audiences].every(({ index }) => index < deletions[0]!.index) &&
      objections.length === 0,
  );
}
