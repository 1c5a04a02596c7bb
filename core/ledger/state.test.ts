import { describe, expect, it } from 'vitest';
import { description, keysOf, memberOf, network, operator, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToBase64 } from '../bytes/index.ts';
import { type Bodies, formatTime, type LedgerErrorCode, LedgerState, signConsent, signEntry } from './index.ts';

const [a, b] = ['aurora', 'beacon'];

/** The refusal leaves the state as it was: that is part of every rule. */
function refused(net: TestNetwork, code: LedgerErrorCode, post: () => unknown): void {
  const before = JSON.stringify(net.state.snapshot());
  expect(post).toThrow(expect.objectContaining({ name: 'LedgerError', code }));
  expect(JSON.stringify(net.state.snapshot())).toBe(before);
}

describe('the network and its members', () => {
  it('record 0 makes the network, by its operator, and no other record does', () => {
    const net = new TestNetwork();
    refused(net, 'network-missing', () => net.post(operator, 'member.left', { organisation: operator }));
    refused(net, 'not-permitted', () =>
      net.post(operator, 'network.created', { name: 'Fair', operator: memberOf(a) }, keysOf(a)),
    );
    net.post(operator, 'network.created', { name: 'Fair', operator: memberOf(operator) });
    refused(net, 'network-exists', () =>
      net.post(operator, 'network.created', { name: 'Fair', operator: memberOf(operator) }),
    );
    expect(net.state.network).toEqual({ id: network, name: 'Fair', operator });
    expect(net.state.members().map(({ organisation }) => organisation)).toEqual([operator]);
  });

  it('only the operator lets a member in, and only with its consent to exactly that description', () => {
    const net = TestNetwork.with(a);
    const member = memberOf(b);
    const consent = signConsent({ network, member }, keysOf(b));
    refused(net, 'not-permitted', () => net.post(a, 'member.joined', { member, consent }));
    const renamed = { ...member, name: 'Another' };
    refused(net, 'consent-invalid', () => net.post(operator, 'member.joined', { member: renamed, consent }));
    const elsewhere = signConsent({ network: 'autumn-fair', member }, keysOf(b));
    refused(net, 'consent-invalid', () => net.post(operator, 'member.joined', { member, consent: elsewhere }));
    net.post(operator, 'member.joined', { member, consent });
    refused(net, 'member-exists', () => net.join(b));
  });

  it('two members never share an identity key or a certificate', () => {
    const net = TestNetwork.with(a);
    const sameKey = { ...memberOf(b), identityKey: memberOf(a).identityKey };
    const consent = signConsent({ network, member: sameKey }, keysOf(a));
    refused(net, 'key-in-use', () => net.post(operator, 'member.joined', { member: sameKey, consent }));
    const member = { ...memberOf(b), tlsFingerprint: memberOf(a).tlsFingerprint };
    const own = signConsent({ network, member }, keysOf(b));
    refused(net, 'certificate-in-use', () => net.post(operator, 'member.joined', { member, consent: own }));
    net.join(b);
    const { tlsFingerprint } = memberOf(a);
    refused(net, 'certificate-in-use', () => net.post(b, 'member.updated', { tlsFingerprint }));
  });

  it('a member changes its own address and certificate, and an older description does not replace a newer one', () => {
    const net = TestNetwork.with(a);
    const older = net.entry(a, 'member.updated', { endpoint: 'old.example:1' });
    net.post(a, 'member.updated', { endpoint: '[2001:db8::1]:7443', tlsFingerprint: 'ab'.repeat(32) });
    refused(net, 'stale-entry', () => net.append(older));
    expect(net.state.member(a)).toMatchObject({ endpoint: '[2001:db8::1]:7443', tlsFingerprint: 'ab'.repeat(32) });
  });

  it('a member changes its own name, but to none that another member has; who it is and when it joined stay', () => {
    const net = TestNetwork.with(a, b);
    const { joinedAtMs, identityKey } = net.state.member(a)!;
    const older = net.entry(a, 'member.updated', { name: 'Older' });
    net.post(a, 'member.updated', { name: 'Aurora & Söhne' });
    expect(net.state.member(a)).toMatchObject({ organisation: a, name: 'Aurora & Söhne', joinedAtMs, identityKey });
    refused(net, 'stale-entry', () => net.append(older));
    refused(net, 'name-in-use', () => net.post(b, 'member.updated', { name: 'Aurora & Söhne' }));
    net.post(a, 'member.updated', { name: 'Aurora & Söhne' });
    net.post(a, 'member.left', { organisation: a });
    net.post(b, 'member.updated', { name: 'Aurora & Söhne' });
    expect(net.state.member(b)!.name).toBe('Aurora & Söhne');
  });

  it('a member leaves by itself or by the operator, and its datasets and agreements end with it', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b]);
    refused(net, 'not-permitted', () => net.post(a, 'member.left', { organisation: b }));
    refused(net, 'not-permitted', () => net.post(operator, 'member.left', { organisation: operator }));
    net.post(operator, 'member.left', { organisation: b });
    refused(net, 'not-a-member', () => net.post(operator, 'member.left', { organisation: b }));
    refused(net, 'not-a-member', () => net.post(b, 'agreement.revoked', { agreement }));
    refused(net, 'agreement-revoked', () => net.post(a, 'job.started', { job: 'j', agreement }));
    expect(net.state.datasets({ owner: b })).toEqual([]);
  });

  it('who left comes back only with a new key, and not into its old agreements', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b]);
    net.post(b, 'member.left', { organisation: b });
    refused(net, 'key-in-use', () => net.join(b));
    const keys = keysOf('beacon-anew');
    net.join(b, keys);
    expect(net.state.agreementStatus(agreement, net.nowMs)).toBe('revoked');
    refused(net, 'signature-invalid', () => net.post(b, 'dataset.withdrawn', { dataset: 'crm' }));
    refused(net, 'dataset-withdrawn', () => net.post(b, 'dataset.withdrawn', { dataset: 'crm' }, keys));
  });
});

describe('who speaks, and when', () => {
  it('an entry of a stranger, of another network or under another key is refused', () => {
    const net = TestNetwork.with(a);
    refused(net, 'not-a-member', () => net.post(b, 'dataset.withdrawn', { dataset: 'crm' }));
    refused(net, 'signature-invalid', () => net.post(a, 'dataset.withdrawn', { dataset: 'crm' }, keysOf(b)));
    const fields = { author: a, atMs: net.nowMs, type: 'dataset.withdrawn', body: { dataset: 'crm' } } as const;
    refused(net, 'wrong-network', () => net.append(signEntry({ ...fields, network: 'autumn-fair' }, keysOf(a))));
  });

  it('a changed entry is refused: every field is under the signature', () => {
    const net = TestNetwork.with(a, b);
    const entry = net.entry(a, 'dataset.withdrawn', { dataset: 'crm' });
    for (const change of [
      { at: '2025-06-30T08:00:01Z' },
      { body: { dataset: 'crm2' } },
      { author: b },
      { type: 'member.left', body: { organisation: a } },
    ]) {
      refused(net, 'signature-invalid', () => net.append({ ...entry, ...change }));
    }
  });

  it('[F94] the author’s clock and the sequencer’s are at most five minutes apart, to the millisecond', () => {
    const net = TestNetwork.with(a);
    const entry = net.entry(a, 'dataset.withdrawn', { dataset: 'crm' });
    const atMs = Date.parse(entry.at);
    refused(net, 'clock-skew', () => net.sequencer.append(entry, atMs + 300_001));
    const early = signEntry(
      { network, author: a, atMs: atMs + 301_000, type: 'dataset.withdrawn', body: { dataset: 'crm' } },
      keysOf(a),
    );
    refused(net, 'clock-skew', () => net.sequencer.append(early, atMs + 999));
    expect(net.sequencer.append(entry, atMs + 300_000).sequencedAt).toBe(atMs + 300_000);
  });

  it('[F94] a record dated before the one that it follows is refused; the sequencer’s own time never runs backwards', () => {
    const net = TestNetwork.with(a);
    const entry = net.entry(a, 'dataset.withdrawn', { dataset: 'crm' });
    const state = new LedgerState();
    for (const record of net.records) state.apply(record);
    const { size: index, sequencedAt } = state;
    expect(() => state.apply({ entry, index, sequencedAt: sequencedAt - 1 })).toThrow(
      expect.objectContaining({ code: 'time-reversed' }),
    );
    expect(net.sequencer.append(entry, net.nowMs - 250_000).sequencedAt).toBe(sequencedAt);
  });

  it('[F94] the same entry again is refused, soon by its signature and later by its time', () => {
    const net = TestNetwork.with(a);
    const withdraw = net.entry(a, 'dataset.withdrawn', { dataset: 'crm' });
    net.append(withdraw);
    const again = { dataset: 'crm', name: 'Customers', description: net.state.dataset(a, 'crm')!.description };
    const publish = net.entry(a, 'dataset.published', again);
    net.append(publish);
    refused(net, 'duplicate-entry', () => net.append(publish));
    refused(net, 'stale-entry', () => net.append(withdraw));
    net.nowMs += 300_001;
    refused(net, 'clock-skew', () => net.append(publish));
  });

  it('a record that is not the next one is refused', () => {
    const net = TestNetwork.with(a);
    const state = new LedgerState();
    expect(() => state.apply(net.records[1]!)).toThrow(expect.objectContaining({ code: 'wrong-index' }));
  });
});

describe('the catalogue', () => {
  it('a dataset is replaced, withdrawn and published again by its owner alone', () => {
    const net = TestNetwork.with(a, b);
    const { description } = net.state.dataset(a, 'crm')!;
    net.post(a, 'dataset.published', { dataset: 'crm', name: 'Customers 2025', description });
    expect(net.state.datasets().map(({ name }) => name)).toEqual(['Customers 2025', 'Customers']);
    net.post(b, 'dataset.withdrawn', { dataset: 'crm' });
    expect(net.state.datasets().map(({ owner }) => owner)).toEqual([a]);
    refused(net, 'dataset-withdrawn', () => net.post(b, 'dataset.withdrawn', { dataset: 'crm' }));
    refused(net, 'dataset-unknown', () => net.post(b, 'dataset.withdrawn', { dataset: 'leads' }));
  });
});

describe('keys of tables', () => {
  const scope = { dataset: 'crm', form: 'phone/sha256', partner: b };
  /** A public key that nothing else here has: any 32 bytes do, as nobody computes with it. */
  const key = (n: number) => bytesToBase64(new Uint8Array(32).fill(n));

  it('are published by the owner of a published dataset, for a member that is somebody else', () => {
    const net = TestNetwork.with(a, b);
    const first = { ...scope, epoch: 1, publicKey: key(1) };
    refused(net, 'not-permitted', () => net.post(b, 'oprf-key.published', first));
    refused(net, 'not-a-member', () => net.post(a, 'oprf-key.published', { ...first, partner: 'cinema' }));
    refused(net, 'dataset-unknown', () => net.post(a, 'oprf-key.published', { ...first, dataset: 'leads' }));
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    refused(net, 'dataset-withdrawn', () => net.post(a, 'oprf-key.published', first));
    net.post(a, 'dataset.published', { dataset: 'crm', name: 'Customers', description });
    expect(net.state.oprfKey({ owner: a, ...scope })).toBeUndefined();
    net.post(a, 'oprf-key.published', first);
    expect(net.state.oprfKey({ owner: a, ...scope })).toMatchObject({ epoch: 1, publicKey: key(1) });
  });

  it('follow each other epoch by epoch, for each dataset, form and partner by itself, and none comes back', () => {
    const net = TestNetwork.with(a, b, 'cinema');
    const post = (body: Partial<Bodies['oprf-key.published']>, by = a) =>
      net.post(by, 'oprf-key.published', { ...scope, epoch: 1, publicKey: key(9), ...body });
    refused(net, 'epoch-not-next', () => post({ epoch: 2 }));
    post({ publicKey: key(1) });
    refused(net, 'epoch-not-next', () => post({}));
    refused(net, 'epoch-not-next', () => post({ epoch: 3 }));
    refused(net, 'key-in-use', () => post({ epoch: 2, publicKey: key(1) }));
    refused(net, 'key-in-use', () => post({ partner: a, publicKey: key(1) }, b));
    post({ epoch: 2, publicKey: key(2) });
    refused(net, 'key-in-use', () => post({ epoch: 3, publicKey: key(1) }));
    post({ partner: 'cinema', publicKey: key(3) });
    post({ form: 'email', publicKey: key(4) });
    post({ partner: a, publicKey: key(5) }, b);
    const keys = net.state.oprfKeys({ owner: a, dataset: 'crm' });
    expect(keys.map(({ partner, form, epoch }) => [partner, form, epoch])).toEqual([
      [b, 'phone/sha256', 2],
      ['cinema', 'phone/sha256', 1],
      [b, 'email', 1],
    ]);
  });
});

describe('agreements', () => {
  const terms = {
    agreement: 'c'.repeat(64),
    operation: 'match',
    usesMax: 1,
    expiresAt: '2025-07-30T00:00:00Z',
  } as const;
  const datasets = [
    { owner: a, dataset: 'crm' },
    { owner: b, dataset: 'crm' },
  ];

  it('is proposed by a party, among members, over their own published datasets, with time left', () => {
    const net = TestNetwork.with(a, b);
    const proposal = { ...terms, parties: [a, b], datasets };
    refused(net, 'not-permitted', () => net.post(operator, 'agreement.proposed', proposal));
    refused(net, 'not-a-member', () =>
      net.post(a, 'agreement.proposed', { ...proposal, parties: [a, 'cinema'], datasets: datasets.slice(0, 1) }),
    );
    refused(net, 'not-permitted', () => net.post(a, 'agreement.proposed', { ...proposal, parties: [a, operator] }));
    refused(net, 'dataset-unknown', () =>
      net.post(a, 'agreement.proposed', { ...proposal, datasets: [{ owner: b, dataset: 'leads' }] }),
    );
    refused(net, 'agreement-expired', () =>
      net.post(a, 'agreement.proposed', { ...proposal, expiresAt: '2025-06-30T08:00:00Z' }),
    );
    net.post(a, 'agreement.proposed', proposal);
    refused(net, 'agreement-exists', () => net.post(b, 'agreement.proposed', proposal));
    expect(net.state.agreement(terms.agreement)).toMatchObject({ proposedBy: a, signedBy: [a] });
  });

  it('becomes active when the last party has signed, and each signs once', () => {
    const net = TestNetwork.with(a, b, 'cinema');
    net.post(a, 'agreement.proposed', { ...terms, parties: [a, b, 'cinema'], datasets });
    const { agreement } = terms;
    const status = () => net.state.agreementStatus(agreement, net.nowMs);
    refused(net, 'already-signed', () => net.post(a, 'agreement.signed', { agreement }));
    refused(net, 'not-permitted', () => net.post(operator, 'agreement.signed', { agreement }));
    refused(net, 'agreement-unknown', () => net.post(b, 'agreement.signed', { agreement: 'd'.repeat(64) }));
    net.post(b, 'agreement.signed', { agreement });
    expect(status()).toBe('proposed');
    refused(net, 'agreement-not-active', () => net.post(a, 'job.started', { job: 'j', agreement }));
    net.post('cinema', 'agreement.signed', { agreement });
    expect(status()).toBe('active');
    refused(net, 'already-signed', () => net.post(b, 'agreement.signed', { agreement }));
  });

  it('a party that has not signed rejects it; then nobody signs or runs it', () => {
    const net = TestNetwork.with(a, b);
    const { agreement } = terms;
    net.post(a, 'agreement.proposed', { ...terms, parties: [a, b], datasets });
    refused(net, 'already-signed', () => net.post(a, 'agreement.rejected', { agreement }));
    net.post(b, 'agreement.rejected', { agreement });
    for (const type of ['agreement.signed', 'agreement.rejected', 'agreement.revoked'] as const) {
      refused(net, 'agreement-rejected', () => net.post(b, type, { agreement }));
    }
    refused(net, 'agreement-rejected', () => net.post(b, 'job.started', { job: 'j', agreement }));
  });

  it('any party revokes it, proposed or active, and a job that runs may still end', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b]);
    net.post(a, 'job.started', { job: 'j', agreement });
    net.post(b, 'agreement.revoked', { agreement });
    refused(net, 'agreement-revoked', () => net.post(a, 'agreement.revoked', { agreement }));
    net.post(a, 'job.finished', net.finished('j', [a, b]));
    refused(net, 'agreement-revoked', () => net.post(a, 'job.started', { job: 'k', agreement }));
    expect(net.state.agreementStatus(agreement, net.nowMs)).toBe('revoked');
  });

  it('expires at its time exactly, by the sequencer’s clock', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b], { forMs: 60_000 });
    const { expiresAtMs } = net.state.agreement(agreement)!;
    net.nowMs = expiresAtMs - 1000;
    const entry = net.entry(a, 'job.started', { job: 'j', agreement });
    expect(net.nowMs).toBe(expiresAtMs);
    refused(net, 'agreement-expired', () => net.sequencer.append(entry, expiresAtMs));
    net.sequencer.append(entry, expiresAtMs - 1);
    expect(net.state.agreementStatus(agreement, expiresAtMs)).toBe('expired');
  });
});

describe('jobs', () => {
  it('[F58] the same job id starts once, whoever posts it and however often', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b], { usesMax: 2 });
    const entry = net.entry(a, 'job.started', { job: 'j', agreement });
    net.append(entry);
    for (let i = 0; i < 100; i++) refused(net, 'job-exists', () => net.append(entry));
    refused(net, 'job-exists', () => net.post(b, 'job.started', { job: 'j', agreement }));
    expect(net.state.agreement(agreement)!.usesTaken).toBe(1);
  });

  it('one job of an agreement runs at a time, and no more than its uses', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b], { usesMax: 2 });
    net.post(a, 'job.started', { job: 'one', agreement });
    refused(net, 'agreement-busy', () => net.post(b, 'job.started', { job: 'two', agreement }));
    net.post(b, 'job.finished', net.finished('one', [a, b]));
    net.post(b, 'job.started', { job: 'two', agreement });
    net.post(b, 'job.finished', net.finished('two', [b, a]));
    refused(net, 'agreement-exhausted', () => net.post(b, 'job.started', { job: 'three', agreement }));
    expect(net.state.agreementStatus(agreement, net.nowMs)).toBe('exhausted');
    expect(net.state.jobs({ agreement }).map(({ job, status }) => [job, status])).toEqual([
      ['one', 'finished'],
      ['two', 'finished'],
    ]);
  });

  it('needs its datasets to be published still, and an outsider cannot start it', () => {
    const net = TestNetwork.with(a, b, 'cinema');
    const agreement = net.agree([a, b]);
    refused(net, 'not-permitted', () => net.post('cinema', 'job.started', { job: 'j', agreement }));
    net.post(b, 'dataset.withdrawn', { dataset: 'crm' });
    refused(net, 'dataset-withdrawn', () => net.post(a, 'job.started', { job: 'j', agreement }));
  });

  it('finishes only with every party’s signature over this job and outcome', () => {
    const net = TestNetwork.with(a, b, 'cinema');
    const agreement = net.agree([a, b]);
    refused(net, 'job-unknown', () => net.post(a, 'job.finished', net.finished('j', [a, b])));
    net.post(a, 'job.started', { job: 'j', agreement });
    const good = net.finished('j', [a, b]);
    const [first, second] = good.signatures;
    const wrong = [
      { ...good, outcome: 'e'.repeat(64) },
      { ...good, signatures: net.finished('k', [a, b]).signatures },
      { ...good, signatures: [first!, first!] },
      { ...good, signatures: [first!, { ...second!, signature: first!.signature }] },
      { ...good, signatures: net.finished('j', [a, b, 'cinema']).signatures },
      { ...good, signatures: net.finished('j', [a, 'cinema']).signatures },
    ];
    for (const body of wrong) refused(net, 'outcome-signature-invalid', () => net.post(a, 'job.finished', body));
    refused(net, 'not-permitted', () => net.post('cinema', 'job.finished', good));
    net.post(b, 'job.finished', good);
    refused(net, 'job-not-running', () => net.post(a, 'job.finished', good));
    refused(net, 'job-not-running', () => net.post(a, 'job.failed', { job: 'j', code: 'late', exchanged: false }));
    expect(net.state.job('j')).toMatchObject({ status: 'finished', outcome: good.outcome });
  });

  it('a failure ends it at once; the use comes back only when all parties say that nothing was exchanged', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b], { usesMax: 1 });
    const uses = () => net.state.agreement(agreement)!.usesTaken;
    net.post(a, 'job.started', { job: 'one', agreement });
    net.post(a, 'job.failed', { job: 'one', code: 'disk-full', exchanged: false });
    expect([uses(), net.state.job('one')!.status]).toEqual([1, 'failed']);
    refused(net, 'already-reported', () =>
      net.post(a, 'job.failed', { job: 'one', code: 'disk-full', exchanged: false }),
    );
    refused(net, 'agreement-exhausted', () => net.post(a, 'job.started', { job: 'two', agreement }));
    net.post(b, 'job.failed', { job: 'one', code: 'peer-failed', exchanged: false });
    expect(uses()).toBe(0);
    net.post(b, 'job.started', { job: 'two', agreement });
    net.post(b, 'job.failed', { job: 'two', code: 'cancelled', exchanged: true });
    net.post(a, 'job.failed', { job: 'two', code: 'cancelled', exchanged: false });
    expect(uses()).toBe(1);
    refused(net, 'job-not-running', () => net.post(a, 'job.finished', net.finished('two', [a, b])));
  });

  it('a party’s result is released once, and only of a finished job', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b]);
    net.post(a, 'job.started', { job: 'j', agreement });
    const digest = 'd'.repeat(64);
    refused(net, 'job-not-finished', () => net.post(a, 'result.released', { job: 'j', digest }));
    net.post(a, 'job.finished', net.finished('j', [a, b]));
    net.post(a, 'result.released', { job: 'j', digest });
    net.post(b, 'result.released', { job: 'j', digest });
    refused(net, 'already-reported', () => net.post(a, 'result.released', { job: 'j', digest }));
    refused(net, 'not-permitted', () => net.post(operator, 'result.released', { job: 'j', digest }));
  });

  it('a party that left cannot be shown as having signed', () => {
    const net = TestNetwork.with(a, b);
    const agreement = net.agree([a, b]);
    net.post(a, 'job.started', { job: 'j', agreement });
    net.post(operator, 'member.left', { organisation: b });
    refused(net, 'not-a-member', () => net.post(a, 'job.finished', net.finished('j', [a, b])));
    net.post(a, 'job.failed', { job: 'j', code: 'peer-left', exchanged: true });
    expect(net.state.job('j')!.status).toBe('failed');
  });
});

describe('budgets', () => {
  const grant = (period: number, renewableAt: string) => ({
    subjects: 'customers',
    receivers: 'beacon-group',
    period,
    rho: 250_000,
    renewableAt,
  });
  const inDays = (net: TestNetwork, days: number) => formatTime(net.nowMs + days * 86_400_000);

  it('[F73] are renewed by grants in order, not before the day that the last one named in the ledger’s time', () => {
    const net = TestNetwork.with(a, b);
    refused(net, 'budget-period', () => net.post(a, 'budget.granted', grant(2, inDays(net, 30))));
    net.post(a, 'budget.granted', grant(1, inDays(net, 30)));
    refused(net, 'budget-period', () => net.post(a, 'budget.granted', grant(1, inDays(net, 30))));
    refused(net, 'budget-not-renewable', () => net.post(a, 'budget.granted', grant(2, inDays(net, 60))));
    net.nowMs += 29 * 86_400_000;
    refused(net, 'budget-not-renewable', () => net.post(a, 'budget.granted', grant(2, inDays(net, 60))));
    net.nowMs += 86_400_000;
    net.post(a, 'budget.granted', grant(2, inDays(net, 60)));
    expect(net.state.budgets({ owner: a })).toEqual([expect.objectContaining({ period: 2, subjects: 'customers' })]);
  });

  it('[F73] belong to the organisation that signs, and to one group of receivers', () => {
    const net = TestNetwork.with(a, b);
    net.post(a, 'budget.granted', grant(1, inDays(net, 30)));
    net.post(b, 'budget.granted', grant(1, inDays(net, 30)));
    net.post(a, 'budget.granted', { ...grant(1, inDays(net, 30)), receivers: 'cinema' });
    expect(net.state.budgets().map(({ owner, receivers }) => `${owner}/${receivers}`)).toEqual([
      'aurora/beacon-group',
      'beacon/beacon-group',
      'aurora/cinema',
    ]);
    net.post(a, 'dataset.withdrawn', { dataset: 'crm' });
    net.nowMs += 60_000;
    net.post(a, 'dataset.published', { dataset: 'crm', name: 'Customers', description });
    expect(net.state.budgets({ owner: a })[0]).toMatchObject({ period: 1, rho: 250_000 });
  });
});
