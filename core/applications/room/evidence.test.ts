import { describe, expect, it } from 'vitest';
import { keysOf, TestNetwork } from '../../../test/ledger-network.ts';
import { bytesToBase64 } from '../../bytes/index.ts';
import { jobRecords, makeBundle, openHead, roomSuites } from '../../ledger/index.ts';
import { agreementId, type EvidenceReport, verifyEvidence } from '../agreement/index.ts';
import { disclose, evidenceFormat, outcomeDigest, outcomeOf, type RoomEvidence } from './index.ts';
import { roomTermsOf } from './testing/terms.ts';

const terms = roomTermsOf({
  activation: { receiver: 'media', purpose: 'activation', minimumPersons: 100, audiencesMax: 2 },
});
const agreement = agreementId(terms);
const parties = ['brand', 'clean', 'media'];
const room = 'room-1';
const key = bytesToBase64(keysOf('a room').publicKey);
const answer = { room, question: '1'.repeat(64), result: '2'.repeat(64), receivers: ['brand', 'media'], rho: 5000 };

interface Story {
  readonly joins?: readonly string[];
  readonly receivers?: readonly string[];
  readonly closed?: boolean;
  readonly objection?: boolean;
  /** Who was given audiences, one each. */
  readonly selections?: readonly string[];
}

/** The evidence of a room whose life took this course. */
function evidence({
  joins = ['brand', 'media'],
  receivers,
  closed = true,
  objection = false,
  selections = [],
}: Story = {}): RoomEvidence {
  const net = TestNetwork.with('brand', 'media', 'clean');
  net.agree(parties, { id: agreement, room: 'clean' });
  net.post('brand', 'job.started', { job: room, agreement });
  net.post('clean', 'room.opened', { room, key, suite: roomSuites[0], software: 'causeway 1' });
  for (const who of joins) {
    net.post(who, 'room.joined', { room, key });
    net.post(who, 'room.uploaded', { room, manifest: (who === 'brand' ? 'a' : 'b').repeat(64) });
  }
  const uploads = ['brand', 'media'].map((organisation) => ({
    organisation,
    manifest: (organisation === 'brand' ? 'a' : 'b').repeat(64),
  }));
  const outcome = outcomeOf({ job: room, agreement, terms }, { key, uploads });
  net.post('clean', 'job.finished', net.finished(room, parties, outcomeDigest(outcome)));
  for (const party of parties) net.post(party, 'result.released', { job: room, digest: 'c'.repeat(64) });
  net.post('clean', 'room.answered', receivers ? { ...answer, receivers } : answer);
  for (const [i, receiver] of selections.entries())
    net.post('clean', 'room.selected', { room, audience: `${i}`.repeat(64), result: '4'.repeat(64), receiver });
  if (closed) {
    net.post('media', 'agreement.revoked', { agreement });
    net.post('clean', 'room.deleted', { room });
    net.post('brand', 'room.acknowledged', { room, says: objection ? 'objects' : 'seen' });
  }
  const head = openHead(net.sequencer.checkpoint(net.nowMs), net.log);
  const records = jobRecords(net.state, room).map((index) => net.records[index]!);
  const ledger = makeBundle({ head, tree: net.sequencer.tree, network: net.log.network, records });
  return { format: evidenceFormat, job: room, terms, disclosure: disclose(terms), outcome, ledger };
}

const failed = ({ checks }: EvidenceReport) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe('the evidence of a room', () => {
  it('verifies without a node, open and after it was erased', () => {
    expect(failed(verifyEvidence(evidence({ closed: false })))).toEqual([]);
    const report = verifyEvidence(evidence());
    expect(failed(report)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'form',
      'ledger',
      'disclosure',
      'terms',
      'agreement',
      'run',
      'room',
      'uploads',
      'outcome',
      'released',
      'answers',
      'deleted',
    ]);
  });

  it('fails where a contributor did not join, or objects to the deletion, or a stranger to the terms received an answer', () => {
    expect(failed(verifyEvidence(evidence({ joins: ['brand'] })))).toEqual(['room', 'uploads']);
    expect(failed(verifyEvidence(evidence({ objection: true })))).toEqual(['deleted']);
    expect(failed(verifyEvidence(evidence({ receivers: ['clean'] })))).toEqual(['answers']);
  });

  it('counts the audiences that were given: to the one whom the terms name, and no more than they allow', () => {
    const report = verifyEvidence(evidence({ selections: ['media', 'media'] }));
    expect(failed(report)).toEqual([]);
    expect(report.checks.find(({ name }) => name === 'audiences')?.detail).toContain('2 audiences');
    expect(failed(verifyEvidence(evidence({ selections: ['brand'] })))).toEqual(['audiences']);
    expect(failed(verifyEvidence(evidence({ selections: ['media', 'media', 'media'] })))).toEqual(['audiences']);
  });

  it.each<[string, (document: RoomEvidence) => unknown, string]>([
    [
      'another upload',
      (document) => Object.assign(document.outcome.uploads[0]!, { manifest: '9'.repeat(64) }),
      'uploads',
    ],
    [
      'another key',
      (document) => Object.assign(document.outcome, { key: bytesToBase64(keysOf('x').publicKey) }),
      'room',
    ],
    ['other terms', (document) => Object.assign(document.terms, { budgetRho: 1 }), 'terms'],
    ['another statement', (document) => Object.assign(document.disclosure, { digest: '9'.repeat(64) }), 'disclosure'],
    ['another job', (document) => Object.assign(document, { job: 'room-2' }), 'run'],
    [
      'a record that was left out',
      (document) =>
        Object.assign(document.ledger, {
          records: document.ledger.records.filter(({ record }) => record.entry.type !== 'room.opened'),
        }),
      'room',
    ],
    ['a format that nobody knows', (document) => Object.assign(document, { format: 'x' }), 'form'],
  ])('fails with %s', (_, change, check) => {
    const document = JSON.parse(JSON.stringify(evidence())) as RoomEvidence;
    change(document);
    expect(failed(verifyEvidence(document))).toContain(check);
  });
});
