import { beforeAll, describe, expect, it } from 'vitest';
import { keysOf, TestNetwork } from '../../../../test/ledger-network.ts';
import { sign } from '../../../crypto/index.ts';
import { BatchKernel, ristretto255 } from '../../../group/index.ts';
import { jobRecords, makeBundle, openHead } from '../../../ledger/index.ts';
import { encrypt } from '../../../protocols/join-sum/elgamal.ts';
import {
  findLie,
  gateRange,
  type Lie,
  layOutRound,
  placeDigests,
  readVerdicts,
  testRound,
} from '../../../protocols/join-sum/gate.ts';
import { ReferenceSumKernel, runId, verdictMessage } from '../../../protocols/join-sum/index.ts';
import { RunSeed } from '../../../protocols/join-sum/run-seed.ts';
import { SeededRandom } from '../../../random/index.ts';
import { agreementId, verifyDocument } from '../../agreement/index.ts';
import type { EvidenceReport } from '../../evidence.ts';
import { type InsightTerms, type LieEvidence, lieEvidenceFormat, sumPlanOf, writeLie } from './index.ts';

const list = (organisation: string) => ({ organisation, dataset: 'crm', rowsAbout: 10_000, rowsMax: 11_000 });
const terms: InsightTerms = {
  ...{ version: 1, operation: 'insight', network: 'spring-fair', protocol: 'join/sum', purpose: 'p' },
  ...{ proposer: list('brand'), partner: list('media'), receiver: 'proposer' },
  key: {
    form: 'phone',
    proposer: { column: 'mobile', profile: 'phone' },
    partner: { column: 'phone', profile: 'phone' },
  },
  tables: [{ segments: [{ column: 'city', values: ['A', 'B'] }] }],
  columns: [],
  protection: { kind: 'exact' },
  limits: { minimumListRows: 1000, minimumGroupRows: 5, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const [job, agreement] = ['job-1', agreementId(terms)];
const run = runId({ network: terms.network, agreement, job, profile: terms.key.form });
const range = gateRange(sumPlanOf(terms));
const kernel = new ReferenceSumKernel();
const random = new SeededRandom('lie');

/** A round of one figure, 3, at which the brand looks under its key, and of which it signs other verdicts than it has read. */
async function lied(flip: (verdicts: Uint8Array) => void, signer = 'brand'): Promise<Lie> {
  const secretKey = ristretto255.randomScalar(random);
  const publicKey = ristretto255.multiplyBase(secretKey);
  const sums = encrypt(publicKey, 3n, ristretto255.randomScalar(random));
  const seed = new RunSeed(random.bytes(32));
  const layout = layOutRound({ round: 0, range, sums, edges: [0] }, { seed, publicKey });
  const tests = await testRound(layout, range, { kernel, publicKey });
  const verdicts = await readVerdicts(tests, range, { kernel: new BatchKernel(), secretKey });
  flip(verdicts);
  const digests = placeDigests(tests, range);
  const signature = sign(verdictMessage(run, 0, { publicKey, digests, verdicts }), keysOf(signer));
  const place = findLie(layout, verdicts) ?? layout.places.findIndex(({ kind }) => kind === 'canary');
  const tested = layout.places[place]!;
  if (tested.kind !== 'canary') throw new Error('expected a canary');
  const opened = {
    value: tested.value,
    count: layout.counts[place]!,
    seed: layout.seeds.slice(place * 32, place * 32 + 32),
  };
  return { publicKey, round: 0, place, ...opened, digests, verdicts, signature };
}

function documentOf(lie: Lie): LieEvidence {
  const net = TestNetwork.with('brand', 'media');
  net.agree(['brand', 'media'], { id: agreement });
  net.post('brand', 'job.started', { job, agreement });
  net.post('media', 'job.failed', { job, code: 'verdict-lie', exchanged: true });
  const head = openHead(net.sequencer.checkpoint(net.nowMs), net.log);
  const records = jobRecords(net.state, job).map((index) => net.records[index]!);
  const ledger = makeBundle({ head, tree: net.sequencer.tree, network: net.log.network, records });
  return { format: lieEvidenceFormat, job, terms, lie: writeLie(lie), ledger };
}

const failed = ({ checks }: EvidenceReport) => checks.filter(({ ok }) => !ok).map(({ name }) => name);
const all = (verdicts: Uint8Array) => verdicts.fill(0);

describe('the evidence of a lie', () => {
  let document: LieEvidence;
  beforeAll(async () => {
    document = documentOf(await lied(all));
  });

  it('convinces without a node, and as it was written to JSON and read again', async () => {
    const report = await verifyDocument(JSON.parse(JSON.stringify(document)));
    expect(failed(report)).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual(['form', 'ledger', 'agreement', 'run', 'key', 'verdict']);
  });

  it('accuses nobody who told the truth', async () => {
    const honest = await lied(() => {});
    expect(failed(await verifyDocument(documentOf(honest)))).toEqual(['verdict']);
  });

  it('accuses nobody whose key did not sign, or not of this run, this key and these tests', async () => {
    expect(failed(await verifyDocument(documentOf(await lied(all, 'media'))))).toEqual(['key']);
    const { lie } = document;
    const other = Buffer.from(ristretto255.multiplyBase(ristretto255.randomScalar(random))).toString('hex');
    for (const change of [{ publicKey: other }, { digests: `${'0'.repeat(64)}${lie.digests.slice(64)}` }, { round: 1 }])
      expect(failed(await verifyDocument({ ...document, lie: { ...lie, ...change } }))).toContain('key');
    const otherTerms = { ...terms, purpose: 'another' };
    expect(failed(await verifyDocument({ ...document, terms: otherTerms }))).toEqual(['agreement', 'run', 'key']);
  });

  it('is refused where the opening is another, or a field is missing or unknown', async () => {
    const { lie } = document;
    const changed = { ...lie, value: String(BigInt(lie.value) + 1n) };
    expect(failed(await verifyDocument({ ...document, lie: changed }))).toEqual(['verdict']);
    expect(failed(await verifyDocument({ ...document, lie: { ...lie, place: 60_000 } }))).toEqual(['verdict']);
    expect(failed(await verifyDocument({ ...document, lie: { ...lie, extra: 1 } }))).toEqual(['form']);
    const { seed: _, ...without } = lie;
    expect(failed(await verifyDocument({ ...document, lie: without }))).toEqual(['form']);
  });
});
