import { describe, expect, it } from 'vitest';
import { network, TestNetwork } from '../../../test/ledger-network.ts';
import { bytesToBase64 } from '../../bytes/index.ts';
import { jobRecords, makeBundle, openHead } from '../../ledger/index.ts';
import {
  agreementId,
  disclose,
  evidenceFormat,
  type MatchEvidence,
  type MatchOutcome,
  type MatchTerms,
  outcomeDigest,
  verifyEvidence,
} from './index.ts';

const [brand, media] = ['brand', 'media'];
const column = { column: 'mobile', profile: 'phone' };
const list = { dataset: 'crm', rowsAbout: 5000, rowsMax: 5500 };
const terms: MatchTerms = {
  version: 1,
  operation: 'match',
  network,
  protocol: 'psi/oprf',
  purpose: 'reach our customers',
  proposer: { ...list, organisation: brand, learns: 'rows' },
  partner: { ...list, organisation: media, learns: 'nothing' },
  rounds: [{ form: 'phone', proposer: column, partner: column }],
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 3, expiresAt: '2025-07-30T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const publicKey = bytesToBase64(new Uint8Array(32).fill(7));
const round = {
  form: 'phone',
  roots: { proposer: 'a'.repeat(64), partner: 'b'.repeat(64) },
  kernels: { proposer: 'wasm', partner: 'wasm' },
  transcript: 'c'.repeat(64),
};

/** The evidence of a job that ended with this round in its outcome, where the media house had published a key. */
function evidenceOf(ended: MatchOutcome['rounds'][number], published: { by: string; partner: string }): MatchEvidence {
  const net = TestNetwork.with(brand, media);
  const agreement = net.agree([brand, media], { id: agreementId(terms) });
  net.post(brand, 'job.started', { job: 'j', agreement });
  const key = { dataset: 'crm', form: 'phone', partner: published.partner, epoch: 1, publicKey };
  net.post(published.by, 'oprf-key.published', key);
  const outcome: MatchOutcome = { version: 1, job: 'j', agreement, rounds: [ended] };
  net.post(brand, 'job.finished', net.finished('j', [brand, media], outcomeDigest(outcome)));
  for (const party of [brand, media]) net.post(party, 'result.released', { job: 'j', digest: 'd'.repeat(64) });
  const { tree, log } = net.sequencer;
  const records = jobRecords(net.state, 'j').map((index) => net.records[index]!);
  const head = openHead(net.sequencer.checkpoint(net.nowMs), log);
  const ledger = makeBundle({ head, tree, network, records });
  return JSON.parse(
    JSON.stringify({ format: evidenceFormat, job: 'j', terms, disclosure: disclose(terms), outcome, ledger }),
  );
}

describe('evidence of a match with a table', () => {
  const failing = (evidence: MatchEvidence) =>
    verifyEvidence(evidence)
      .checks.filter(({ ok }) => !ok)
      .map(({ name }) => name);

  it('[F20] verifies where the table’s owner had published the key that the outcome names', () => {
    const evidence = evidenceOf({ ...round, key: { epoch: 1, publicKey } }, { by: media, partner: brand });
    expect(verifyEvidence(evidence).checks.map(({ name }) => name)).toContain('key');
    expect(failing(evidence)).toEqual([]);
  });

  it.each<[string, MatchOutcome['rounds'][number], { by: string; partner: string }]>([
    ['no key', round, { by: media, partner: brand }],
    ['another epoch', { ...round, key: { epoch: 2, publicKey } }, { by: media, partner: brand }],
    [
      'another key',
      { ...round, key: { epoch: 1, publicKey: bytesToBase64(new Uint8Array(32).fill(8)) } },
      { by: media, partner: brand },
    ],
    ['the other side’s key', { ...round, key: { epoch: 1, publicKey } }, { by: brand, partner: media }],
    [
      'the key of another form',
      { ...round, form: 'email', key: { epoch: 1, publicKey } },
      { by: media, partner: brand },
    ],
  ])('[F20] does not verify with %s, though both parties signed it', (_, ended, published) => {
    expect(failing(evidenceOf(ended, published))).toEqual(['key']);
  });
});
