import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../../../test/ledger-network.ts';
import { jobRecords, makeBundle, openHead } from '../../ledger/index.ts';
import { opjaDerivation } from '../../protocols/opja/index.ts';
import { pairCipher } from '../../protocols/pair/index.ts';
import { agreementId, agreementTerms, datasetsOf, partiesOf, verifyEvidence } from '../agreement/index.ts';
import {
  type ActivateMessage,
  type ActivateOutcome,
  type ActivateTerms,
  activateEvidenceFormat,
  activateOutcomeDigest,
  checkTerms,
  decodeActivate,
  disclose,
  encodeActivate,
  learnsOf,
  publishedColumns,
  roleOf,
} from './index.ts';

const list = (organisation: string, rowsAbout: number) => ({
  organisation,
  dataset: `ds-${organisation}`,
  rowsAbout,
  rowsMax: rowsAbout + 500,
});
const column = { column: 'mobile', profile: 'phone', density: 3 };
const pair: ActivateTerms = {
  version: 1,
  operation: 'activate',
  network: 'fair',
  purpose: 'the spring campaign',
  proposer: list('brand', 5000),
  partner: list('media', 9000),
  advertiser: 'proposer',
  form: { kind: 'pair', cipher: pairCipher },
  key: { form: 'phone', proposer: column, partner: column },
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 30, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const opja: ActivateTerms = {
  ...pair,
  form: { kind: 'opja', derivation: opjaDerivation, system: 'match.brand.example', receiver: 'dsp.example' },
};

describe('the terms of an activation', () => {
  it.each([
    ['PAIR', pair],
    ['OPJA', opja],
  ])('of %s are read as they are written, name both sides, and any other word is another agreement', (_, terms) => {
    expect(agreementTerms.parse(terms)).toEqual(terms);
    expect(partiesOf(terms)).toEqual(['brand', 'media']);
    expect(datasetsOf(terms)).toEqual([
      { owner: 'brand', dataset: 'ds-brand' },
      { owner: 'media', dataset: 'ds-media' },
    ]);
    expect(agreementId({ ...terms, advertiser: 'partner' })).not.toBe(agreementId(terms));
    expect(agreementTerms.safeParse({ ...terms, more: 1 }).success).toBe(false);
    expect(() => checkTerms(terms)).not.toThrow();
  });

  it.each<[string, ActivateTerms]>([
    ['one organisation twice', { ...pair, partner: list('brand', 9000) }],
    ['a system that is no domain', { ...opja, form: { ...opja.form, system: 'Brand' } as ActivateTerms['form'] }],
    ['a receiver that is none', { ...opja, form: { ...opja.form, receiver: 'dsp' } as ActivateTerms['form'] }],
  ])('are refused with %s', (_, terms) => {
    expect(() => checkTerms(terms)).toThrow(RangeError);
  });

  it('are refused with a cipher or a derivation that this version does not run', () => {
    expect(agreementTerms.safeParse({ ...pair, form: { kind: 'pair', cipher: 'p256' } }).success).toBe(false);
    expect(agreementTerms.safeParse({ ...opja, form: { ...opja.form, derivation: 'key-schedule' } }).success).toBe(
      false,
    );
    expect(agreementTerms.safeParse({ ...opja, form: { kind: 'opja' } }).success).toBe(false);
  });

  it('give each side its role, and what it learns of the exchange', () => {
    expect([roleOf(pair, 'proposer'), roleOf(pair, 'partner')]).toEqual(['advertiser', 'publisher']);
    const learned = (terms: ActivateTerms) => [learnsOf(terms, 'advertiser'), learnsOf(terms, 'publisher')];
    expect([learned(pair), learned(opja)]).toEqual([
      ['count', 'count'],
      ['count', 'nothing'],
    ]);
    expect([publishedColumns(pair), publishedColumns(opja)]).toEqual([['pair_id', 'pair_id_previous'], ['opja_label']]);
  });
});

describe('the statement of who learns what', () => {
  const codes = (terms: ActivateTerms) =>
    disclose(terms).parties.map(({ organisation, learns }) => [organisation, learns.map(({ code }) => code)]);

  it('of PAIR: the advertiser ids and which of them match, the publisher how many', () => {
    expect(codes(pair)).toEqual([
      ['brand', ['partner-set-size', 'publisher-ids', 'publisher-ids-matched', 'partner-density']],
      ['media', ['partner-set-size', 'match-count', 'partner-density']],
    ]);
    const [size, ids, matched] = disclose(pair).parties[0]!.learns;
    expect([size!.atMost, ids!.atMost, matched!.atMost]).toEqual([9500, 9500, 5500]);
  });

  it('of OPJA: the advertiser how many, the publisher of nobody', () => {
    expect(codes(opja)).toEqual([
      ['brand', ['partner-set-size', 'match-count', 'partner-density']],
      ['media', ['partner-set-size', 'minimum-reached', 'partner-density']],
    ]);
    expect(JSON.stringify(disclose(opja))).toContain('dsp.example');
  });

  it('tells what crosses the wire from whom to whom, as a run is held to it', () => {
    const flows = (terms: ActivateTerms) =>
      disclose(terms).flows.map(({ from, code, bytesAbout }) => [from, code, bytesAbout]);
    const tag = 9;
    expect(flows(pair)).toEqual([
      ['brand', 'blinded-identifiers', 5000 * 32],
      ['brand', 'tags', 9000 * tag],
      ['media', 'blinded-identifiers', 9000 * 32],
      ['media', 'tags', 5000 * tag],
      ['media', 'hash-key', 32],
    ]);
    expect(flows(opja)).toEqual([
      ['brand', 'blinded-identifiers', 5000 * 32],
      ['brand', 'sealed-labels', 9000 * 29],
      ['media', 'blinded-identifiers', 9000 * 32],
      ['media', 'tags', 5000 * tag],
    ]);
  });

  it('follows the roles, says the purpose and the end, and is there in both languages', () => {
    expect(codes({ ...pair, advertiser: 'partner' }).map(([, learned]) => learned![1])).toEqual([
      'match-count',
      'publisher-ids',
    ]);
    for (const terms of [pair, opja]) {
      const { parties, assumptions, words } = disclose(terms);
      expect(JSON.stringify(assumptions)).toContain('the spring campaign');
      expect(JSON.stringify(assumptions)).toContain('2030-01-01');
      for (const each of [words, ...assumptions, ...parties.flatMap(({ learns }) => learns.map((one) => one.words))])
        expect(each.zh).toMatch(/\p{Script=Han}/u);
      expect(disclose({ ...terms, purpose: 'another' }).digest).not.toBe(disclose(terms).digest);
    }
    expect(disclose(pair).digest).not.toBe(disclose(opja).digest);
  });
});

const campaign = {
  matchingsystemname: 'match.brand.example',
  matchid: 'abc123',
  ekey: 'd'.repeat(64),
  mspk: 'A'.repeat(43),
  dsppk: 'B'.repeat(43),
  expires: '2030-01-01T00:00:00Z',
};

describe('messages', () => {
  const messages: ActivateMessage[] = [
    { type: 'ask' },
    { type: 'hash-key', hashKey: new Uint8Array(32).fill(7) },
    { type: 'manifest', manifest: { campaign, count: 9000, digest: 'e'.repeat(64) } },
    { type: 'held', held: 3 },
    { type: 'chunk', index: 3, labels: new Uint8Array([1, 2, 3]) },
    { type: 'received' },
  ];

  it.each(messages.map((message) => [message.type, message] as const))('%s comes out as it went in', (_, message) => {
    expect(decodeActivate(encodeActivate(message))).toEqual(message);
  });

  it('[F39] cut anywhere, too long, or of an unknown kind, are refused', () => {
    const malformed = expect.objectContaining({ code: 'malformed-message' });
    for (const message of messages) {
      const bytes = encodeActivate(message);
      for (let length = 0; length < bytes.length; length++)
        expect(() => decodeActivate(bytes.slice(0, length))).toThrow(malformed);
      expect(() => decodeActivate(new Uint8Array([...bytes, 0]))).toThrow(malformed);
    }
    expect(() => decodeActivate(new Uint8Array([9]))).toThrow(malformed);
  });

  it.each<[string, object]>([
    ['no labels', { count: 0 }],
    ['a digest of another length', { digest: 'ab' }],
    ['a field that nobody knows', { more: 1 }],
    ['a campaign without a key', { campaign: { ...campaign, ekey: undefined } }],
    ['a campaign with a field that nobody knows', { campaign: { ...campaign, user: 'x' } }],
  ])('a manifest is refused with %s', (_, changes) => {
    const manifest = { campaign, count: 9000, digest: 'e'.repeat(64), ...changes };
    const bytes = encodeActivate(JSON.parse(JSON.stringify({ type: 'manifest', manifest })) as ActivateMessage);
    expect(() => decodeActivate(bytes)).toThrow(expect.objectContaining({ code: 'malformed-message' }));
  });
});

describe('evidence', () => {
  const digest = (letter: string) => letter.repeat(64);
  const outcomeOf = (terms: ActivateTerms): ActivateOutcome => ({
    version: 1,
    job: 'job-2',
    agreement: agreementId(terms),
    roots: { proposer: digest('1'), partner: digest('2') },
    kernels: { proposer: 'wasm', partner: 'ifma' },
    transcript: digest('3'),
    made:
      terms.form.kind === 'pair'
        ? { kind: 'pair', hashKey: digest('4') }
        : { kind: 'opja', campaign, labels: digest('5') },
  });
  const document = (terms: ActivateTerms) => {
    const [agreement, job, parties, outcome] = [agreementId(terms), 'job-2', ['brand', 'media'], outcomeOf(terms)];
    const net = TestNetwork.with(...parties);
    net.agree(parties, { id: agreement });
    net.post('brand', 'job.started', { job, agreement });
    net.post('brand', 'job.finished', net.finished(job, parties, activateOutcomeDigest(outcome)));
    for (const party of parties) net.post(party, 'result.released', { job, digest: digest('6') });
    const head = openHead(net.sequencer.checkpoint(net.nowMs), net.log);
    const records = jobRecords(net.state, job).map((index) => net.records[index]!);
    const ledger = makeBundle({ head, tree: net.sequencer.tree, network: net.log.network, records });
    return { format: activateEvidenceFormat, job, terms, disclosure: disclose(terms), outcome, ledger };
  };
  const failed = (evidence: unknown) =>
    verifyEvidence(evidence)
      .checks.filter(({ ok }) => !ok)
      .map(({ name }) => name);

  it.each([
    ['PAIR', pair],
    ['OPJA', opja],
  ])('of %s verifies without a node, and fails with another outcome, other terms or another statement', (_, terms) => {
    const whole = document(terms);
    expect(failed(whole)).toEqual([]);
    expect(failed({ ...whole, outcome: { ...whole.outcome, transcript: digest('0') } })).toEqual(['outcome']);
    expect(failed({ ...whole, terms: { ...terms, advertiser: 'partner' } })).toContain('terms');
    expect(failed({ ...whole, disclosure: { digest: digest('0') } })).toEqual(['disclosure']);
  });
});
