import { describe, expect, it } from 'vitest';
import { keysOf, memberOf, network, operator, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToUtf8, utf8ToBytes } from '../bytes/index.ts';
import { signHead } from './head.ts';
import {
  encodeRecord,
  historyPath,
  LedgerError,
  leafHash,
  MerkleTree,
  Mirror,
  openHead,
  parseEvidence,
  parseNote,
  Sequencer,
  type SplitEvidence,
  signEntry,
  verifyBrokenRule,
  verifyRollbackEvidence,
  verifySplitEvidence,
} from './index.ts';

const [a, b] = ['aurora', 'beacon'];
const operatorKey = keysOf(operator).publicKey;

function failure(act: () => unknown): LedgerError {
  try {
    act();
  } catch (error) {
    if (error instanceof LedgerError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** Gives a mirror all that it has not yet, under a fresh head. */
function sync(net: TestNetwork, mirror: Mirror) {
  return mirror.accept(net.leaves.slice(mirror.tree.size), net.sequencer.checkpoint(net.nowMs), net.nowMs);
}

/** Another history of the same operator: the first `shared` records of a network, then others. */
function forkOf(net: TestNetwork, shared: number): TestNetwork {
  const fork = new TestNetwork();
  for (const record of net.records.slice(0, shared)) {
    fork.sequencer.commit(record);
    fork.records.push(record);
  }
  fork.nowMs = net.nowMs;
  return fork;
}

/** What the operator signs if it does not care for the rules. */
function headOver(net: TestNetwork, leaves: readonly Uint8Array[]): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  const head = { size: tree.size, root: tree.root(), atSeconds: Math.floor(net.nowMs / 1000) };
  return signHead(net.log, head, { keyPair: keysOf(operator) });
}

const viaJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('a mirror', () => {
  it('takes records bit by bit, has the same state, and its cosignature counts', () => {
    const net = TestNetwork.with(a, b);
    const mirror = net.mirror(a);
    sync(net, mirror);
    net.agree([a, b]);
    const { head, cosignature, note } = sync(net, mirror);
    expect(mirror.state.snapshot()).toEqual(net.state.snapshot());
    expect(head.size).toBe(net.records.length);
    const published = net.sequencer.addCosignature(cosignature);
    expect(published).toBe(note);
    expect(net.mirror(b).accept(net.leaves, published, net.nowMs).head.root).toEqual(head.root);
  });

  it('renewing the time of a head keeps the cosignatures over it; a later cosignature takes the place of the earlier', () => {
    const net = TestNetwork.with(a);
    const mirror = net.mirror(a);
    net.sequencer.addCosignature(sync(net, mirror).cosignature);
    net.nowMs += 60_000;
    const renewed = net.sequencer.checkpoint(net.nowMs);
    const lines = (note: string) => note.split('\n').filter((line) => line.startsWith('\u2014'));
    expect(lines(renewed)).toHaveLength(3);
    expect(openHead(renewed, net.log).atSeconds).toBe(Math.floor(net.nowMs / 1000));
    expect(lines(net.sequencer.addCosignature(mirror.accept([], renewed, net.nowMs).cosignature))).toHaveLength(3);
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    expect(lines(net.sequencer.checkpoint(net.nowMs))).toHaveLength(2);
  });

  it('stores a head without lines that are no member’s or do not hold, and its own times never run backwards', () => {
    const net = TestNetwork.with(a, b);
    const published = net.sequencer.addCosignature(sync(net, net.mirror(b)).cosignature);
    const [own] = sync(net, net.mirror('cinema')).cosignature.split('\n');
    const bytes = Buffer.from(published.trimEnd().split(' ').at(-1)!, 'base64');
    bytes[30]! ^= 1;
    const forged = `\u2014 causeway/${network}/${b} ${bytes.toString('base64')}`;
    const mirror = net.mirror(a);
    const { note } = mirror.accept(net.leaves, `${published}${own}\n${forged}\n`, net.nowMs);
    expect(parseNote(note).signatures.map(({ name }) => name.split('/').slice(2).join('/'))).toEqual([
      '',
      operator,
      b,
      a,
    ]);
    const earlier = mirror.accept([], published, net.nowMs - 60_000).note;
    expect(earlier).toBe(note);
    expect(openHead(earlier, net.log).size).toBe(net.records.length);
  });

  it('refuses a head by anyone but the operator, of another network, or dated ahead', () => {
    const net = TestNetwork.with(a);
    const note = net.sequencer.checkpoint(net.nowMs);
    const other = { log: { ...net.log, operatorKey: keysOf(a).publicKey }, organisation: a, keyPair: keysOf(a) };
    expect(failure(() => new Mirror(other).accept(net.leaves, note, net.nowMs)).code).toBe('head-signature-invalid');
    const elsewhere = { ...other, log: { ...net.log, network: 'autumn-fair' } };
    expect(failure(() => new Mirror(elsewhere).accept(net.leaves, note, net.nowMs)).code).toBe(
      'head-signature-invalid',
    );
    expect(failure(() => net.mirror(a).accept(net.leaves, note, net.nowMs - 302_000)).code).toBe('clock-skew');
  });

  it('refuses records that are not those of the head and is as before: missing, too many, swapped, changed', () => {
    const net = TestNetwork.with(a, b);
    const { leaves } = net;
    const note = net.sequencer.checkpoint(net.nowMs);
    const mirror = net.mirror(a);
    const changed = utf8ToBytes(bytesToUtf8(leaves[1]!).replace('The aurora', 'The Aurora'));
    const wrong: [Uint8Array[], string][] = [
      [leaves.slice(1), 'head-beyond-records'],
      [leaves.slice(0, -1), 'head-beyond-records'],
      [[...leaves, leaves[0]!], 'head-beyond-records'],
      [[leaves[0]!, leaves[2]!, leaves[1]!, ...leaves.slice(3)], 'root-mismatch'],
      [[leaves[0]!, changed, ...leaves.slice(2)], 'root-mismatch'],
    ];
    for (const [records, code] of wrong) {
      expect(failure(() => mirror.accept(records, note, net.nowMs)).code).toBe(code);
      expect([mirror.tree.size, mirror.state.size, mirror.fault]).toEqual([0, 0, undefined]);
    }
    expect(mirror.accept(leaves, note, net.nowMs).head.size).toBe(leaves.length);
  });

  it('is for one network: a first record under another key than the one it was told is refused', () => {
    const net = TestNetwork.with(a);
    const impostor = new Sequencer({ network, organisation: operator, keyPair: keysOf(b) });
    const genesis = impostor.append(
      net.entry(operator, 'network.created', { name: 'x', operator: memberOf(operator, keysOf(b)) }, keysOf(b)),
      net.nowMs,
    );
    const leaves = [encodeRecord(genesis)];
    expect(failure(() => net.mirror(a).accept(leaves, headOver(net, leaves), net.nowMs)).code).toBe('wrong-network');
  });
});

describe('a rollback', () => {
  it('[F92] a head that was signed anew over yesterday’s records is refused, and proven to an outsider', () => {
    const net = TestNetwork.with(a, b);
    const yesterday = forkOf(net, net.records.length);
    net.agree([a, b]);
    const mirror = net.mirror(a);
    const { head } = sync(net, mirror);
    yesterday.nowMs = net.nowMs + 5000;
    const restored = yesterday.sequencer.checkpoint(yesterday.nowMs);
    const error = failure(() => mirror.accept([], restored, yesterday.nowMs));
    expect(error.code).toBe('rollback');
    expect(error.message).toContain(`head ${yesterday.records.length} is older than head ${head.size} that ${a} holds`);
    const evidence = parseEvidence(viaJson(error.evidence));
    expect(evidence.kind === 'rollback' && verifyRollbackEvidence(evidence, operatorKey)).toBe(true);
    const swapped = { ...evidence, earlier: restored, later: head.note } as typeof evidence;
    expect(swapped.kind === 'rollback' && verifyRollbackEvidence(swapped, operatorKey)).toBe(false);
    expect(mirror.fault).toBeUndefined();
  });

  it('[F92] an old head shown again is refused too, but proves nothing against the operator', () => {
    const net = TestNetwork.with(a, b);
    const old = net.sequencer.checkpoint(net.nowMs);
    net.agree([a, b]);
    const mirror = net.mirror(a);
    sync(net, mirror);
    const error = failure(() => mirror.accept([], old, net.nowMs));
    expect([error.code, error.evidence]).toEqual(['rollback', undefined]);
  });

  it('[F92] nothing smaller is cosigned than what another member has shown, and then the larger one is taken', () => {
    const net = TestNetwork.with(a, b);
    const mirror = net.mirror(a);
    sync(net, mirror);
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    const between = net.sequencer.checkpoint(net.nowMs);
    const leaves = net.leaves.slice(mirror.tree.size);
    net.post(b, 'dataset.withdrawn', { dataset: 'crm' });
    const held = net.sequencer.checkpoint(net.nowMs);
    expect(mirror.compare(held, b)).toBe('ahead');
    const error = failure(() => mirror.accept(leaves, between, net.nowMs));
    expect(error.code).toBe('rollback');
    expect(error.message).toContain(b);
    sync(net, mirror);
    expect(mirror.compare(held, b)).toBe('same');
    expect(mirror.compare(between, b)).toBe('behind');
  });

  it('[F92] a sequencer does not come back with fewer records than it has signed for, nor with others', () => {
    const net = TestNetwork.with(a, b);
    const backup = net.leaves;
    net.agree([a, b]);
    const head = net.sequencer.checkpoint(net.nowMs);
    const again = () => new Sequencer({ network, organisation: operator, keyPair: keysOf(operator) });
    expect(failure(() => again().restore({ leaves: backup, head })).code).toBe('rollback');
    const fork = forkOf(net, backup.length);
    fork.post(b, 'dataset.withdrawn', { dataset: 'crm' });
    fork.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    expect(failure(() => again().restore({ leaves: fork.leaves, head })).code).toBe('root-mismatch');
    const restored = again();
    restored.restore({ leaves: net.leaves, head });
    expect(restored.state.snapshot()).toEqual(net.state.snapshot());
    expect(restored.checkpoint(net.nowMs - 60_000)).toBe(head);
  });
});

describe('a split view', () => {
  /** Two members that were shown different histories from the agreement on. */
  function split(extra: { first: number; second: number }) {
    const net = TestNetwork.with(a, b);
    const fork = forkOf(net, net.records.length);
    const withdraw = (of: TestNetwork, owners: readonly string[]) => {
      for (const owner of owners) of.post(owner, 'dataset.withdrawn', { dataset: 'crm' });
    };
    withdraw(net, [a, b].slice(0, extra.first));
    withdraw(fork, [b, a].slice(0, extra.second));
    const [first, second] = [net.mirror(a), fork.mirror(b)];
    sync(net, first);
    sync(fork, second);
    return { net, fork, first, second };
  }

  it('[F93] of two heads of equal size: both members are alarmed by one exchange, each with proof', () => {
    const { first, second } = split({ first: 1, second: 1 });
    const [one, two] = [first.head!.note, second.head!.note];
    for (const [mirror, note, from] of [
      [first, two, b],
      [second, one, a],
    ] as const) {
      const error = failure(() => mirror.compare(note, from));
      expect(error.code).toBe('split-view');
      expect(mirror.fault).toBe(error);
      const evidence = parseEvidence(viaJson(error.evidence)) as SplitEvidence;
      expect(evidence.kind).toBe('split-view');
      expect(verifySplitEvidence(evidence, operatorKey)).toBe(true);
      expect(failure(() => mirror.accept([], note, Date.now())).code).toBe('split-view');
    }
  });

  it.each([
    [1, 2],
    [2, 1],
  ])('[F93] of heads of unequal size (%d and %d records on): whoever has more records proves it', (x, y) => {
    const { first, second } = split({ first: x, second: y });
    const [larger, smaller] = x > y ? [first, second] : [second, first];
    expect(smaller.compare(larger.head!.note, 'the other')).toBe('ahead');
    const error = failure(() => larger.compare(smaller.head!.note, 'the other'));
    expect(error.code).toBe('split-view');
    const evidence = parseEvidence(viaJson(error.evidence)) as SplitEvidence;
    expect(verifySplitEvidence(evidence, operatorKey)).toBe(true);
  });

  it('[F93] is also found where the operator itself offers the other head', () => {
    const { first, fork } = split({ first: 1, second: 1 });
    const error = failure(() => first.accept([], fork.sequencer.checkpoint(fork.nowMs), fork.nowMs));
    expect(error.code).toBe('split-view');
  });

  it('[F93] a head that was witnessed and then left out of the history is found when the records reach its size', () => {
    const { net, first, second } = split({ first: 0, second: 1 });
    expect(first.compare(second.head!.note, b)).toBe('ahead');
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    net.post(b, 'dataset.withdrawn', { dataset: 'crm' });
    const error = failure(() => sync(net, first));
    expect(error.code).toBe('split-view');
    expect(verifySplitEvidence(error.evidence as SplitEvidence, operatorKey)).toBe(true);
  });

  it('[F93] two members ahead of us that hold different heads of one size are found without their records', () => {
    const { net, first, second } = split({ first: 1, second: 1 });
    const third = net.mirror('cinema');
    expect(third.compare(first.head!.note, a)).toBe('ahead');
    expect(third.compare(first.head!.note, b)).toBe('ahead');
    const error = failure(() => third.compare(second.head!.note, b));
    expect(error.code).toBe('split-view');
    expect(verifySplitEvidence(error.evidence as SplitEvidence, operatorKey)).toBe(true);
  });

  it('[F94] a fork that grew past us does not fit our records, and its own history convicts it', () => {
    const { fork, first } = split({ first: 1, second: 2 });
    const note = fork.sequencer.checkpoint(fork.nowMs);
    const own = first.tree.size;
    expect(failure(() => first.accept(fork.leaves.slice(own), note, fork.nowMs)).code).toBe('root-mismatch');
    expect(first.fault).toBeUndefined();
    const path = historyPath(fork.sequencer.tree, { from: own, to: fork.records.length }).map(
      (text) => new Uint8Array(Buffer.from(text, 'base64')),
    );
    const error = failure(() => first.accuse(note, path));
    expect(error.code).toBe('split-view');
    expect(verifySplitEvidence(error.evidence as SplitEvidence, operatorKey)).toBe(true);
  });

  it('an honest operator is never convicted: neither by a wrong path, nor by heads that fit, nor by a third party’s note', () => {
    const net = TestNetwork.with(a, b);
    const mirror = net.mirror(a);
    const { head: smaller } = sync(net, mirror);
    net.agree([a, b]);
    const larger = net.sequencer.checkpoint(net.nowMs);
    const path = historyPath(net.sequencer.tree, { from: smaller.size, to: net.records.length });
    const bytes = path.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    expect(mirror.accuse(larger, bytes)).toBe(false);
    const names = { network, operator } as const;
    const good: SplitEvidence = { kind: 'split-view', ...names, smaller: smaller.note, larger, path };
    expect(verifySplitEvidence(good, operatorKey)).toBe(false);
    for (let i = 0; i < path.length; i++) {
      const bent = bytes.map((hash, k) => (k === i ? hash.map((byte) => byte ^ 1) : hash));
      expect(mirror.accuse(larger, bent)).toBe(false);
    }
    for (const wrong of [[], bytes.slice(1), [...bytes, bytes[0]!], bytes.map((hash) => hash.subarray(1))]) {
      expect(mirror.accuse(larger, wrong)).toBe(false);
    }
    expect(() => verifySplitEvidence(good, keysOf(a).publicKey)).toThrow(
      expect.objectContaining({ code: 'head-signature-invalid' }),
    );
    expect(mirror.fault).toBeUndefined();
  });
});

describe('a broken rule', () => {
  it.each([
    [
      'an entry that nobody signed',
      'signature-invalid',
      (entry: object) => ({ ...entry, signature: 'A'.repeat(86).concat('==') }),
    ],
    ['a job without an agreement', 'agreement-unknown', undefined],
  ])('%s under a signed head is refused with proof, which the records before it bear out', (_name, code, change) => {
    const net = TestNetwork.with(a, b);
    const entry = change
      ? change(net.entry(a, 'dataset.withdrawn', { dataset: 'crm' }))
      : net.entry(a, 'job.started', { job: 'j', agreement: 'e'.repeat(64) });
    const record = { entry, index: net.records.length, sequencedAt: net.nowMs } as Parameters<typeof encodeRecord>[0];
    const before = net.leaves;
    const leaves = [...before, encodeRecord(record)];
    const mirror = net.mirror(b);
    sync(net, mirror);
    const error = failure(() => mirror.accept(leaves.slice(mirror.tree.size), headOver(net, leaves), net.nowMs));
    expect([error.code, error.index, (error.cause as LedgerError).code]).toEqual(['broken-rule', before.length, code]);
    expect(mirror.fault).toBe(error);
    const evidence = parseEvidence(viaJson(error.evidence));
    if (evidence.kind !== 'broken-rule') throw new Error('expected the record');
    expect(verifyBrokenRule(evidence, { before, operatorKey })).toBe(code);
    expect(failure(() => verifyBrokenRule(evidence, { before: before.slice(1), operatorKey })).code).toBe(
      'proof-invalid',
    );
    const other = { ...evidence, leaf: Buffer.from(before[1]!).toString('base64') };
    expect(failure(() => verifyBrokenRule(other, { before, operatorKey })).code).toBe('proof-invalid');
  });

  it('bytes that are no record at all are one too', () => {
    const net = TestNetwork.with(a);
    const leaves = [...net.leaves, utf8ToBytes('{"index":3}')];
    const error = failure(() => net.mirror(a).accept(leaves, headOver(net, leaves), net.nowMs));
    expect([error.code, (error.cause as LedgerError).code]).toEqual(['broken-rule', 'malformed-record']);
  });
});

describe('stored and taken back', () => {
  it('a mirror goes on where it was; missing records and changed ones are noticed', () => {
    const net = TestNetwork.with(a, b);
    const mirror = net.mirror(a);
    const { note } = sync(net, mirror);
    const stored = net.leaves;
    const again = net.mirror(a);
    again.restore({ leaves: stored, head: note });
    expect(again.state.snapshot()).toEqual(mirror.state.snapshot());
    net.agree([a, b]);
    expect(sync(net, again).head.size).toBe(net.records.length);
    expect(failure(() => net.mirror(a).restore({ leaves: stored.slice(1), head: note })).code).toBe('rollback');
    const flipped = stored.map((leaf, i) => (i === 1 ? leaf.map((byte, k) => (k === 90 ? byte ^ 1 : byte)) : leaf));
    expect(failure(() => net.mirror(a).restore({ leaves: flipped, head: note })).code).toBe('root-mismatch');
  });

  it('signatures are believed only under a head that this node itself cosigned', () => {
    const net = TestNetwork.with(a, b);
    const forged = { ...net.entry(a, 'dataset.withdrawn', { dataset: 'crm' }), signature: 'A'.repeat(86).concat('==') };
    const record = { entry: forged, index: net.records.length, sequencedAt: net.nowMs };
    const leaves = [...net.leaves, encodeRecord(record)];
    const note = headOver(net, leaves);
    expect(failure(() => net.mirror(b).restore({ leaves, head: note })).code).toBe('broken-rule');
  });

  it('a sequencer verifies what it had not signed for yet', () => {
    const net = TestNetwork.with(a);
    const head = net.sequencer.checkpoint(net.nowMs);
    const entry = signEntry(
      { network, author: a, atMs: net.nowMs, type: 'dataset.withdrawn', body: { dataset: 'crm' } },
      keysOf(b),
    );
    const leaves = [...net.leaves, encodeRecord({ entry, index: net.records.length, sequencedAt: net.nowMs })];
    const again = new Sequencer({ network, organisation: operator, keyPair: keysOf(operator) });
    expect(failure(() => again.restore({ leaves, head })).code).toBe('signature-invalid');
  });

  it('a record is prepared, stored, then committed; what no longer fits is refused', () => {
    const net = TestNetwork.with(a, b);
    const one = net.sequencer.prepare(net.entry(a, 'dataset.withdrawn', { dataset: 'crm' }), net.nowMs);
    const two = net.sequencer.prepare(net.entry(b, 'dataset.withdrawn', { dataset: 'crm' }), net.nowMs);
    expect(net.state.datasets()).toHaveLength(2);
    net.sequencer.commit(one);
    expect(failure(() => net.sequencer.commit(two)).code).toBe('wrong-index');
    expect(net.state.datasets().map(({ owner }) => owner)).toEqual([b]);
  });

  it('a cosignature of a stranger, or over another head, is refused', () => {
    const net = TestNetwork.with(a);
    const mirror = net.mirror(a);
    const { cosignature } = sync(net, mirror);
    expect(failure(() => net.sequencer.addCosignature(sync(net, net.mirror(b)).cosignature)).code).toBe(
      'cosignature-invalid',
    );
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    net.sequencer.checkpoint(net.nowMs);
    expect(failure(() => net.sequencer.addCosignature(cosignature)).code).toBe('cosignature-invalid');
  });
});
