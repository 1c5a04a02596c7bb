import { describe, expect, it } from 'vitest';
import { keysOf, operator, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToBase64, bytesToUtf8, utf8ToBytes } from '../bytes/index.ts';
import {
  firstDifference,
  jobRecords,
  type LedgerBundle,
  type LedgerErrorCode,
  LogVerifier,
  leafHash,
  MerkleTree,
  makeBundle,
  openHead,
  verifyBundle,
  verifyLog,
} from './index.ts';

const [a, b] = ['aurora', 'beacon'];
const operatorKey = keysOf(operator).publicKey;

/** A network in which one job ran, cosigned by one of its two members. */
function finishedJob() {
  const net = TestNetwork.with(a, b, 'cinema');
  const agreement = net.agree([a, b]);
  net.post(a, 'job.started', { job: 'j', agreement });
  net.post(b, 'job.finished', net.finished('j', [a, b]));
  net.post(a, 'result.released', { job: 'j', digest: 'd'.repeat(64) });
  const mirror = net.mirror(b);
  const { cosignature } = mirror.accept(net.leaves, net.sequencer.checkpoint(net.nowMs), net.nowMs);
  return { net, cosignature, head: net.sequencer.addCosignature(cosignature) };
}

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree;
}

describe('a whole ledger, offline', () => {
  it('verifies with the operator’s key, and says who cosigned and who did not', () => {
    const { net, head } = finishedJob();
    const report = verifyLog({ leaves: net.leaves, head, operatorKey });
    expect(report.state.snapshot()).toEqual(net.state.snapshot());
    expect(report.cosigned.map(({ organisation }) => organisation)).toEqual([operator, b]);
    expect(report).toMatchObject({ operatorKeyGiven: true, missing: [a, 'cinema'], beyondHead: 0 });
    expect(verifyLog({ leaves: net.leaves, head }).operatorKeyGiven).toBe(false);
  });

  it('takes cosignatures that lie beside the head, and refuses a false one', () => {
    const { net, cosignature } = finishedJob();
    const head = net.sequencer
      .checkpoint(net.nowMs)
      .split('\n')
      .filter((line) => !line.includes(`/${b} `))
      .join('\n');
    expect(verifyLog({ leaves: net.leaves, head }).missing).toContain(b);
    expect(verifyLog({ leaves: net.leaves, head, cosignatures: [cosignature] }).missing).not.toContain(b);
    const bytes = Buffer.from(cosignature.split(' ')[2]!, 'base64');
    bytes[20]! ^= 1;
    const forged = cosignature.replace(/\S+$/, bytes.toString('base64'));
    expect(() => verifyLog({ leaves: net.leaves, head, cosignatures: [forged] })).toThrow(
      expect.objectContaining({ code: 'cosignature-invalid' }),
    );
  });

  it('[F94] truncated, shortened, reordered, stretched or changed records are refused with the place of the first fault', () => {
    const { net, head } = finishedJob();
    const { leaves } = net;
    const edit = (index: number, from: string, to: string) =>
      leaves.map((leaf, i) => (i === index ? utf8ToBytes(bytesToUtf8(leaf).replace(from, to)) : leaf));
    const cases: [string, Uint8Array[], LedgerErrorCode, number | undefined][] = [
      ['cut at the end', leaves.slice(0, -1), 'head-beyond-records', undefined],
      ['one taken out', [...leaves.slice(0, 4), ...leaves.slice(5)], 'wrong-index', 4],
      ['two swapped', [...leaves.slice(0, 4), leaves[5]!, leaves[4]!, ...leaves.slice(6)], 'wrong-index', 4],
      ['one twice', [...leaves.slice(0, 4), leaves[3]!, ...leaves.slice(4)], 'wrong-index', 4],
      ['a body changed', edit(1, 'The aurora', 'The Aurora'), 'signature-invalid', 1],
      [
        'a time put back',
        edit(5, `"sequencedAt":${net.records[5]!.sequencedAt}`, `"sequencedAt":${net.records[0]!.sequencedAt}`),
        'time-reversed',
        5,
      ],
      [
        'a time moved within the rules',
        edit(5, `"sequencedAt":${net.records[5]!.sequencedAt}`, `"sequencedAt":${net.records[5]!.sequencedAt - 1}`),
        'root-mismatch',
        undefined,
      ],
      ['not JSON', edit(2, '{', '['), 'malformed-record', 2],
    ];
    for (const [name, wrong, code, index] of cases) {
      const expected = expect.objectContaining({ code, ...(index === undefined ? {} : { index }) });
      expect(() => verifyLog({ leaves: wrong, head, operatorKey }), name).toThrow(expected);
      expect(firstDifference(treeOf(leaves), treeOf(wrong)), name).toBe(
        index ?? (code === 'root-mismatch' ? 5 : undefined),
      );
    }
  });

  it('records after the head are counted and must keep the rules too; a head of other sizes than was said is refused', () => {
    const { net, head } = finishedJob();
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    const report = verifyLog({ leaves: net.leaves, head, operatorKey });
    expect([report.beyondHead, report.state.datasets({ owner: a }).length]).toEqual([1, 0]);
    const twice = [...net.leaves, net.leaves.at(-1)!];
    expect(() => verifyLog({ leaves: twice, head })).toThrow(expect.objectContaining({ code: 'wrong-index' }));
    const verifier = new LogVerifier({ size: net.records.length });
    for (const leaf of net.leaves) verifier.push(leaf);
    expect(() => verifier.finish(head)).toThrow(expect.objectContaining({ code: 'head-beyond-records' }));
  });

  it('under another operator’s key it is not the ledger that was asked for', () => {
    const { net, head } = finishedJob();
    expect(() => verifyLog({ leaves: net.leaves, head, operatorKey: keysOf(a).publicKey })).toThrow(
      expect.objectContaining({ code: 'wrong-network' }),
    );
    expect(() => verifyLog({ leaves: [], head })).toThrow(expect.objectContaining({ code: 'network-missing' }));
  });
});

describe('the first difference of two copies', () => {
  it('is found at every place, and there is none where one begins the other', () => {
    const leaves = Array.from({ length: 40 }, (_, i) => Uint8Array.of(i));
    const ours = treeOf(leaves);
    for (let i = 0; i < leaves.length; i++) {
      expect(firstDifference(ours, treeOf(leaves.with(i, Uint8Array.of(99))))).toBe(i);
      expect(firstDifference(ours, treeOf(leaves.slice(0, i)))).toBeUndefined();
    }
  });
});

describe('evidence of one job', () => {
  function bundleOf({ net, head }: ReturnType<typeof finishedJob>): LedgerBundle {
    const { state, tree, log } = net.sequencer;
    const records = jobRecords(state, 'j').map((index) => net.records[index]!);
    return JSON.parse(JSON.stringify(makeBundle({ head: openHead(head, log), tree, network: log.network, records })));
  }

  it('tells the whole story of the job and nothing of the others, and verifies without a node', () => {
    const job = finishedJob();
    const bundle = bundleOf(job);
    const report = verifyBundle(bundle, { operatorKey });
    expect(report.records.map(({ entry }) => `${entry.author} ${entry.type}`)).toEqual([
      'fair-office network.created',
      'fair-office member.joined',
      'aurora dataset.published',
      'fair-office member.joined',
      'beacon dataset.published',
      'aurora agreement.proposed',
      'beacon agreement.signed',
      'aurora job.started',
      'beacon job.finished',
      'aurora result.released',
    ]);
    expect(report.cosigned.map(({ organisation }) => organisation)).toEqual([operator, b]);
    expect(report.operatorKeyGiven).toBe(true);
    expect(JSON.stringify(bundle)).not.toContain('cinema');
    expect(() => jobRecords(job.net.state, 'k')).toThrow(expect.objectContaining({ code: 'job-unknown' }));
  });

  it('holds the keys of tables that were newest when the job ended, where a party had published them for another', () => {
    const net = TestNetwork.with(a, b, 'cinema');
    let keyCount = 0;
    const publish = (partner: string, form: string, epoch: number) => {
      const publicKey = bytesToBase64(new Uint8Array(32).fill(++keyCount));
      return net.post(a, 'oprf-key.published', { dataset: 'crm', partner, form, epoch, publicKey }).index;
    };
    publish(b, 'phone', 1);
    publish('cinema', 'phone', 1);
    const agreement = net.agree([a, b]);
    net.post(a, 'job.started', { job: 'j', agreement });
    const kept = [publish(b, 'phone', 2), publish(b, 'email', 1)];
    net.post(b, 'job.finished', net.finished('j', [a, b]));
    publish(b, 'phone', 3);
    const keys = jobRecords(net.state, 'j').filter((i) => net.records[i]!.entry.type === 'oprf-key.published');
    expect(keys).toEqual(kept);
  });

  it('stays valid when the ledger has grown', () => {
    const job = finishedJob();
    const before = bundleOf(job);
    job.net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    const after = bundleOf({ ...job, head: job.net.sequencer.checkpoint(job.net.nowMs) });
    expect(verifyBundle(before, { operatorKey }).records).toEqual(verifyBundle(after, { operatorKey }).records);
  });

  it('[F94] [F56] any change to it is refused', () => {
    const bundle = bundleOf(finishedJob());
    const other = finishedJob();
    other.net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    const { records } = bundle;
    const first = records[1]!;
    const cases: [string, unknown, LedgerErrorCode][] = [
      ['a field more', { ...bundle, note: 1 }, 'malformed-bundle'],
      ['no record 0', { ...bundle, records: records.slice(1) }, 'wrong-network'],
      ['no joining of an author', { ...bundle, records: records.filter((_, i) => i !== 3) }, 'malformed-bundle'],
      [
        'out of order',
        { ...bundle, records: [records[0], records[2], first, ...records.slice(3)] },
        'malformed-bundle',
      ],
      ['another network', { ...bundle, network: 'autumn-fair' }, 'wrong-network'],
      ['another head', { ...bundle, head: other.net.sequencer.checkpoint(other.net.nowMs) }, 'proof-invalid'],
      [
        'a changed record',
        {
          ...bundle,
          records: records.with(1, {
            ...first,
            record: { ...first.record, sequencedAt: first.record.sequencedAt + 1 },
          }),
        },
        'proof-invalid',
      ],
      [
        'a moved record',
        { ...bundle, records: records.with(1, { ...first, record: { ...first.record, index: 2 } }) },
        'proof-invalid',
      ],
      [
        'a shortened proof',
        { ...bundle, records: records.with(1, { ...first, proof: first.proof.slice(1) }) },
        'proof-invalid',
      ],
    ];
    for (const [name, wrong, code] of cases) {
      expect(() => verifyBundle(JSON.parse(JSON.stringify(wrong)), { operatorKey }), name).toThrow(
        expect.objectContaining({ code }),
      );
    }
    expect(() => verifyBundle(bundle, { operatorKey: keysOf(a).publicKey })).toThrow(
      expect.objectContaining({ code: 'wrong-network' }),
    );
  });
});
