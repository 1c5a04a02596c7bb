import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { description, keysOf, memberOf, network, operator, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToBase64, bytesToHex, equalBytes, utf8ToBytes } from '../bytes/index.ts';
import { sha256 } from '../crypto/index.ts';
import {
  encodeRecord,
  Frontier,
  LedgerError,
  type LedgerRecord,
  LedgerState,
  leafHash,
  roomSuites,
  signConsent,
  verifyLog,
} from './index.ts';

const organisations = ['aurora', 'beacon', 'cinema'] as const;
/** Agreements that they may come to, and the job that each would run. */
const deals = [
  { agreement: 'a'.repeat(64), parties: ['aurora', 'beacon'], job: 'one' },
  { agreement: 'b'.repeat(64), parties: ['cinema', 'aurora'], job: 'two' },
  /** The second party keeps a room. */
  { agreement: 'c'.repeat(64), parties: ['aurora', 'beacon'], job: 'three', room: 'beacon' },
] as const;

const weights = {
  ...{ agree: 3, propose: 6, sign: 3, reject: 5, revoke: 1 },
  ...{ start: 12, finish: 8, fail: 6, release: 6 },
  ...{ load: 8, openRoom: 1, joinRoom: 1, upload: 1, answer: 3, delete: 6, acknowledge: 8 },
  ...{ join: 1, leave: 1, update: 1, publish: 2, withdraw: 1, key: 2, wait: 2 },
} as const;
type What = keyof typeof weights;

/** One thing that somebody tries, allowed or not; mostly it is a party of the deal who does. */
const attempt = fc.record({
  what: fc.oneof(
    ...(Object.keys(weights) as What[]).map((what) => ({ arbitrary: fc.constant(what), weight: weights[what] })),
  ),
  who: fc.constantFrom('first', 'second', 'first', 'second', ...organisations),
  whom: fc.constantFrom(...organisations),
  deal: fc.constantFrom(...deals),
  again: fc.constantFrom('', '-again'),
  flag: fc.boolean(),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;

/** One of two keys. */
function roomKeyOf(job: string, flag: boolean): string {
  return bytesToBase64(sha256(utf8ToBytes(`${job} ${flag}`)));
}

function act(net: TestNetwork, { what, who: role, whom, deal, again, flag }: Attempt): void {
  const { agreement, parties } = deal;
  const who = role === 'first' ? parties[0] : role === 'second' ? parties[1] : role;
  const job = `${deal.job}${again}`;
  const room = 'room' in deal ? { room: deal.room } : {};
  switch (what) {
    case 'join': {
      const keys = keysOf(flag ? who : `${who}-anew`);
      const member = memberOf(who, keys);
      net.post(operator, 'member.joined', { member, consent: signConsent({ network, member }, keys) });
      return;
    }
    case 'leave':
      net.post(flag ? operator : who, 'member.left', { organisation: whom });
      return;
    case 'update':
      net.post(who, 'member.updated', { endpoint: `${who}.example:${flag ? 1 : 2}` });
      return;
    case 'publish':
      net.post(who, 'dataset.published', { dataset: 'crm', name: flag ? 'Customers' : 'Users', description });
      return;
    case 'withdraw':
      net.post(who, 'dataset.withdrawn', { dataset: 'crm' });
      return;
    case 'key': {
      const epoch = (net.state.oprfKey({ owner: who, dataset: 'crm', form: 'phone', partner: whom })?.epoch ?? 0) + 1;
      // Sometimes one that came before, or of another epoch.
      const publicKey = bytesToBase64(sha256(utf8ToBytes(`${who} ${whom} ${flag ? epoch : again}`)));
      net.post(who, 'oprf-key.published', { dataset: 'crm', form: 'phone', partner: whom, epoch, publicKey });
      return;
    }
    case 'agree':
      net.agree(parties, { id: agreement, usesMax: 2, forMs: 600_000, ...room });
      return;
    case 'propose':
      net.propose(parties, { id: agreement, ...room });
      return;
    /** From the proposal to the seal, as far as the rules let it come. */
    case 'load': {
      if (!('room' in deal)) return;
      if (!net.state.agreement(agreement)) net.agree(parties, { id: agreement, usesMax: 2, forMs: 600_000, ...room });
      net.post(parties[0], 'job.started', { job, agreement });
      const key = roomKeyOf(job, flag);
      net.post(deal.room, 'room.opened', { room: job, key, suite: roomSuites[0], software: 'causeway 1' });
      net.post(parties[0], 'room.joined', { room: job, key });
      net.post(parties[0], 'room.uploaded', { room: job, manifest: '1'.repeat(64) });
      net.post(parties[0], 'job.finished', net.finished(job, parties));
      return;
    }
    case 'openRoom': {
      const key = roomKeyOf(job, flag);
      net.post(who, 'room.opened', { room: job, key, suite: roomSuites[0], software: 'causeway 1' });
      return;
    }
    case 'joinRoom':
      net.post(who, 'room.joined', { room: job, key: roomKeyOf(job, flag) });
      return;
    case 'upload':
      net.post(who, 'room.uploaded', { room: job, manifest: (flag ? '1' : '2').repeat(64) });
      return;
    case 'answer': {
      const keeper = 'room' in deal ? deal.room : who;
      const [question, result] = [(flag ? '3' : '4').repeat(64), '5'.repeat(64)];
      net.post(keeper, 'room.answered', { room: job, question, result, receivers: [whom], rho: 5000 });
      return;
    }
    case 'delete':
      net.post('room' in deal ? deal.room : who, 'room.deleted', { room: job });
      if (flag) net.post(parties[0], 'room.acknowledged', { room: job, says: 'seen' });
      return;
    case 'acknowledge':
      net.post(parties[0], 'room.acknowledged', { room: job, says: flag ? 'seen' : 'objects' });
      return;
    case 'sign':
      net.post(who, 'agreement.signed', { agreement });
      return;
    case 'reject':
      net.post(who, 'agreement.rejected', { agreement });
      return;
    case 'revoke':
      net.post(who, 'agreement.revoked', { agreement });
      return;
    case 'start':
      net.post(who, 'job.started', { job, agreement });
      return;
    case 'finish':
      net.post(who, 'job.finished', net.finished(job, flag || who !== whom ? parties : [who, whom]));
      return;
    case 'fail':
      net.post(who, 'job.failed', { job, code: 'peer-failed', exchanged: flag });
      return;
    case 'release':
      net.post(who, 'result.released', { job, digest: 'd'.repeat(64) });
      return;
    case 'wait':
      net.nowMs += 240_000;
      return;
    default:
      what satisfies never;
  }
}

/** A history as it comes about when everybody tries things; what the rules forbid is not in it. */
function history(attempts: readonly Attempt[]): TestNetwork {
  const net = TestNetwork.with(...organisations);
  for (const one of attempts) {
    try {
      act(net, one);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
    }
  }
  return net;
}

function replay(records: readonly LedgerRecord[]): LedgerState {
  const state = new LedgerState();
  for (const record of records) state.apply(record, { signatures: 'trusted' });
  return state;
}

function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leafHash(leaf));
  return frontier.root();
}

const attempts = fc.array(attempt, { maxLength: 40, size: 'max' });

describe('replay', () => {
  it('of any beginning gives the state that the sequencer had there, however it was cut into batches', () => {
    fc.assert(
      fc.property(attempts, fc.nat(), (tried, place) => {
        const net = history(tried);
        const cut = place % (net.records.length + 1);
        const early = replay(net.records.slice(0, cut));
        const again = history(tried);
        expect(again.leaves.map(bytesToHex)).toEqual(net.leaves.map(bytesToHex));
        for (const record of net.records.slice(cut)) early.apply(record);
        expect(early.snapshot()).toEqual(net.state.snapshot());
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the books: no use too many, one running job an agreement, uses as the jobs tell', () => {
    fc.assert(
      fc.property(attempts, (tried) => {
        const net = history(tried);
        const state = new LedgerState();
        for (const record of net.records) {
          state.apply(record, { signatures: 'trusted' });
          for (const { agreement, usesMax, usesTaken, runningJob, parties, signedBy } of state.agreements()) {
            const own = state.jobs({ agreement });
            expect(usesTaken).toBeLessThanOrEqual(usesMax);
            expect(own.filter(({ status }) => status === 'running').map(({ job }) => job)).toEqual(
              runningJob ? [runningJob] : [],
            );
            const unused = own.filter(
              ({ failures }) => failures.length === parties.length && failures.every(({ exchanged }) => !exchanged),
            );
            expect(usesTaken).toBe(own.length - unused.length);
            if (own.length > 0) expect([...signedBy].sort()).toEqual([...parties].sort());
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('[F94] taken out, put in, moved, repeated or changed: refused, or another root', () => {
    const tampering = fc.record({
      how: fc.constantFrom('delete', 'insert', 'swap', 'repeat', 'date', 'flip'),
      at: fc.nat(),
      to: fc.nat(),
    });
    fc.assert(
      fc.property(attempts, tampering, (tried, { how, at, to }) => {
        const net = history(tried);
        const { leaves, records } = net;
        const head = net.sequencer.checkpoint(net.nowMs);
        const [i, k] = [at % leaves.length, to % leaves.length];
        const wrong = leaves.slice();
        if (how === 'delete') wrong.splice(i, 1);
        if (how === 'insert') wrong.splice(i, 0, encodeRecord({ ...records[k]!, index: i }));
        if (how === 'swap') [wrong[i], wrong[k]] = [leaves[k]!, leaves[i]!];
        if (how === 'repeat') wrong.splice(i, 0, leaves[i]!);
        if (how === 'date')
          wrong[i] = encodeRecord({ ...records[i]!, sequencedAt: records[i]!.sequencedAt + 1 + (to % 1000) });
        if (how === 'flip')
          wrong[i] = leaves[i]!.map((byte, place) => (place === to % leaves[i]!.length ? byte ^ 1 : byte));
        if (how === 'swap' && i === k) return;
        expect(equalBytes(rootOf(wrong), rootOf(leaves))).toBe(false);
        expect(() => verifyLog({ leaves: wrong, head })).toThrow(LedgerError);
      }),
      { numRuns: 60 },
    );
  });

  it('the histories that are tried reach every rule: canary of the generator', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(attempts, (tried) => {
        for (const { entry } of history(tried).records) reached.add(entry.type);
      }),
      { numRuns: 200, seed: 1 },
    );
    expect([...reached].sort()).toEqual(
      'agreement.proposed agreement.rejected agreement.revoked agreement.signed dataset.published dataset.withdrawn job.failed job.finished job.started member.joined member.left member.updated network.created oprf-key.published result.released room.acknowledged room.answered room.deleted room.joined room.opened room.uploaded'.split(
        ' ',
      ),
    );
  });
});
