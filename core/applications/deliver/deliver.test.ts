import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../../../test/ledger-network.ts';
import { bytesToHex } from '../../bytes/index.ts';
import { jobRecords, makeBundle, openHead } from '../../ledger/index.ts';
import { agreementId, agreementTerms, datasetsOf, partiesOf, verifyEvidence } from '../agreement/index.ts';
import {
  checkTerms,
  type DeliverManifest,
  type DeliverMessage,
  type DeliverTerms,
  decodeDeliver,
  deliverAad,
  deliverEvidenceFormat,
  deliverInfo,
  deliverOutcomeDigest,
  disclose,
  encodeDeliver,
  listDigest,
  manifestDigest,
} from './index.ts';

const list = (organisation: string) => ({
  organisation,
  dataset: `ds-${organisation}`,
  rowsAbout: 5000,
  rowsMax: 5500,
});
const column = { column: 'mobile', profile: 'phone' };
const terms: DeliverTerms = {
  version: 1,
  operation: 'deliver',
  network: 'fair',
  purpose: 'member care',
  proposer: list('brand'),
  partner: list('media'),
  provider: 'partner',
  match: { job: 'job-1', agreement: 'a'.repeat(64) },
  keys: [{ form: 'phone', proposer: column, partner: column }],
  columns: ['city', 'level'],
  limits: { minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};

describe('the terms of a delivery', () => {
  it('are read as they are written, name both sides, and any other word is another agreement', () => {
    expect(agreementTerms.parse(terms)).toEqual(terms);
    expect(partiesOf(terms)).toEqual(['brand', 'media']);
    expect(datasetsOf(terms)).toEqual([
      { owner: 'brand', dataset: 'ds-brand' },
      { owner: 'media', dataset: 'ds-media' },
    ]);
    expect(agreementId({ ...terms, columns: ['city'] })).not.toBe(agreementId(terms));
    expect(agreementTerms.safeParse({ ...terms, more: 1 }).success).toBe(false);
    expect(() => checkTerms(terms)).not.toThrow();
  });

  it.each<[string, Partial<DeliverTerms>]>([
    ['one organisation twice', { partner: list('brand') }],
    ['one column twice', { columns: ['city', 'city'] }],
    ['one kind of identifier twice', { keys: [...terms.keys, ...terms.keys] }],
  ])('are refused with %s', (_, changes) => {
    expect(() => checkTerms({ ...terms, ...changes })).toThrow(RangeError);
  });
});

describe('the statement of who learns what', () => {
  it('names every column and the match to the receiver, nothing to the provider, in both languages', () => {
    const { parties, assumptions, words } = disclose(terms);
    expect(parties.map(({ organisation, learns }) => [organisation, learns.map(({ code }) => code)])).toEqual([
      ['brand', ['delivered-columns']],
      ['media', []],
    ]);
    const [learned] = parties[0]!.learns;
    expect(learned).toMatchObject({ atMost: 5500 });
    for (const part of ['city', 'level', 'job-1', 'media']) {
      expect(learned!.words.en).toContain(part);
      expect(learned!.words.zh).toContain(part);
    }
    expect(JSON.stringify(assumptions)).toContain('member care');
    for (const each of [words, ...assumptions]) expect(each.zh).toMatch(/\p{Script=Han}/u);
    expect(disclose({ ...terms, provider: 'proposer' }).digest).not.toBe(disclose(terms).digest);
    expect(disclose({ ...terms, columns: ['city'] }).digest).not.toBe(disclose(terms).digest);
  });
});

const manifest: DeliverManifest = {
  version: 1,
  job: 'job-2',
  agreement: 'b'.repeat(64),
  list: 'c'.repeat(64),
  recipient: 'd'.repeat(64),
  bytes: 1000,
  commitment: 'e'.repeat(64),
  enc: 'f'.repeat(64),
};

describe('a manifest', () => {
  it('binds every chunk to all that it says, and to its place', () => {
    const changes: Partial<DeliverManifest>[] = [
      { job: 'job-3' },
      { agreement: '1'.repeat(64) },
      { list: '1'.repeat(64) },
      { recipient: '1'.repeat(64) },
      { bytes: 1001 },
      { commitment: '1'.repeat(64) },
    ];
    const infos = [manifest, ...changes.map((change) => ({ ...manifest, ...change }))].map((one) =>
      bytesToHex(deliverInfo(one)),
    );
    expect(new Set(infos).size).toBe(infos.length);
    expect(bytesToHex(deliverAad(0))).not.toBe(bytesToHex(deliverAad(1)));
    expect(manifestDigest({ ...manifest, enc: '1'.repeat(64) })).not.toBe(manifestDigest(manifest));
  });

  it('names the list by a digest of this run alone', () => {
    const of = { job: 'job-2', agreement: 'b'.repeat(64), setHash: new Uint8Array(32) };
    expect(listDigest(of)).toBe(listDigest({ ...of }));
    expect(listDigest({ ...of, job: 'job-3' })).not.toBe(listDigest(of));
    expect(listDigest({ ...of, setHash: new Uint8Array(32).fill(1) })).not.toBe(listDigest(of));
  });
});

describe('messages', () => {
  const messages: DeliverMessage[] = [
    { type: 'hello', list: 'c'.repeat(64) },
    { type: 'open', list: 'c'.repeat(64), recipient: 'd'.repeat(64), held: 7 },
    { type: 'manifest', manifest },
    { type: 'chunk', index: 3, sealed: new Uint8Array([1, 2, 3]) },
    { type: 'received' },
  ];

  it.each(messages.map((message) => [message.type, message] as const))('%s comes out as it went in', (_, message) => {
    expect(decodeDeliver(encodeDeliver(message))).toEqual(message);
  });

  it('[F39] cut anywhere, too long, or of an unknown kind, are refused', () => {
    for (const message of messages) {
      const bytes = encodeDeliver(message);
      for (let length = 0; length < bytes.length; length++)
        expect(() => decodeDeliver(bytes.slice(0, length))).toThrow(
          expect.objectContaining({ code: 'malformed-message' }),
        );
      expect(() => decodeDeliver(new Uint8Array([...bytes, 0]))).toThrow(
        expect.objectContaining({ code: 'malformed-message' }),
      );
    }
    expect(() => decodeDeliver(new Uint8Array([9]))).toThrow(expect.objectContaining({ code: 'malformed-message' }));
  });
});

describe('evidence', () => {
  const agreement = agreementId(terms);
  const job = 'job-2';
  const outcome = { version: 1, job, agreement, manifest: manifestDigest(manifest) } as const;
  const parties = ['brand', 'media'];
  const document = () => {
    const net = TestNetwork.with('brand', 'media');
    net.agree(parties, { id: agreement });
    net.post('brand', 'job.started', { job, agreement });
    net.post('brand', 'job.finished', net.finished(job, parties, deliverOutcomeDigest(outcome)));
    for (const party of parties) net.post(party, 'result.released', { job, digest: '3'.repeat(64) });
    const head = openHead(net.sequencer.checkpoint(net.nowMs), net.log);
    const records = jobRecords(net.state, job).map((index) => net.records[index]!);
    const ledger = makeBundle({ head, tree: net.sequencer.tree, network: net.log.network, records });
    return { format: deliverEvidenceFormat, job, terms, disclosure: disclose(terms), outcome, ledger };
  };
  const failed = (evidence: unknown) =>
    verifyEvidence(evidence)
      .checks.filter(({ ok }) => !ok)
      .map(({ name }) => name);

  it('verifies without a node, and fails with another receipt, other terms or another statement', () => {
    const whole = document();
    expect(failed(whole)).toEqual([]);
    expect(failed({ ...whole, outcome: { ...outcome, manifest: '0'.repeat(64) } })).toEqual(['outcome']);
    expect(failed({ ...whole, terms: { ...terms, columns: ['city'] } })).toContain('terms');
    expect(failed({ ...whole, disclosure: { digest: '0'.repeat(64) } })).toEqual(['disclosure']);
  });
});
