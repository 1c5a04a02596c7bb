import { describe, expect, it } from 'vitest';
import { keysOf, network, TestNetwork } from '../../test/ledger-network.ts';
import { bytesToBase64 } from '../bytes/index.ts';
import {
  formatTime,
  guestName,
  hasGuestConsented,
  type LedgerErrorCode,
  signGuestConsent,
  signOutcome,
} from './index.ts';

const [host, other] = ['aurora', 'beacon'];
const agreement = 'ab'.repeat(32);
const outcome = 'cd'.repeat(32);
const shop = keysOf('a shop');
const key = bytesToBase64(shop.publicKey);
const name = guestName(key);
const job = 'job-1';

function codeOf(work: () => unknown): LedgerErrorCode | 'admitted' {
  try {
    work();
    return 'admitted';
  } catch (error) {
    return (error as { code: LedgerErrorCode }).code;
  }
}

const net = () => TestNetwork.with(host, other);
const consent = (keys = shop, of = { network, host, agreement }) => signGuestConsent(of, keys);
const proposal = (net: TestNetwork, more: object = {}) => ({
  agreement,
  parties: [host],
  datasets: [{ owner: host, dataset: 'crm' }],
  operation: 'guest' as const,
  guest: { key, consent: consent() },
  usesMax: 1,
  expiresAt: formatTime(net.nowMs + 3600_000),
  ...more,
});
const signatures = (...by: [string, string][]) => by.map(([organisation, signature]) => ({ organisation, signature }));
const signed = (keys = shop) => signOutcome({ job, outcome }, keys);

describe('a guest', () => {
  it('has a name that follows from its key, and that no member can have', () => {
    expect(name).toMatch(/^guest-[0-9a-f]{16}$/);
    expect(codeOf(() => TestNetwork.with(host).join(name))).toBe('not-permitted');
  });

  it('an agreement with one is in force at once, for one member and a key that has signed its hash', () => {
    const made = net();
    made.post(host, 'agreement.proposed', proposal(made));
    expect(made.state.agreementStatus(agreement, made.nowMs)).toBe('active');
    expect(made.state.agreement(agreement)).toMatchObject({ parties: [host], guest: { name, key } });
  });

  it.each<[string, object, LedgerErrorCode]>([
    ['without a guest', { guest: undefined }, 'malformed-entry'],
    ['of another operation', { operation: 'match' }, 'malformed-entry'],
    ['of two members and a guest', { parties: [host, other] }, 'malformed-entry'],
    ['that another key has signed', { guest: { key, consent: consent(keysOf('x')) } }, 'consent-invalid'],
    ['whose consent is to other terms', { agreement: 'ef'.repeat(32) }, 'consent-invalid'],
    [
      'whose consent is to another host',
      { guest: { key, consent: consent(shop, { network, host: other, agreement }) } },
      'consent-invalid',
    ],
    [
      'whose consent is of another network',
      { guest: { key, consent: consent(shop, { network: 'elsewhere', host, agreement }) } },
      'consent-invalid',
    ],
    ['over the dataset of a member that is no party', { datasets: [{ owner: other, dataset: 'x' }] }, 'not-permitted'],
  ])('an agreement %s is refused', (_, more, code) => {
    const made = net();
    const body = JSON.parse(JSON.stringify(proposal(made, more)));
    expect(codeOf(() => made.post(host, 'agreement.proposed', body))).toBe(code);
  });

  it('a run finishes under both signatures, and under no others', () => {
    const made = net();
    made.post(host, 'agreement.proposed', proposal(made));
    made.post(host, 'job.started', { job, agreement });
    const finish = (...by: [string, string][]) =>
      codeOf(() => made.post(host, 'job.finished', { job, outcome, signatures: signatures(...by) }));
    const own: [string, string] = [host, signed(keysOf(host))];
    expect(finish(own)).toBe('malformed-entry');
    expect(finish(own, [name, signed(keysOf('x'))])).toBe('outcome-signature-invalid');
    expect(finish(own, [other, signed(keysOf(other))])).toBe('outcome-signature-invalid');
    expect(finish(own, [name, signed()], [other, signed(keysOf(other))])).toBe('outcome-signature-invalid');
    expect(finish(own, [name, signed()])).toBe('admitted');
    expect(made.state.agreementStatus(agreement, made.nowMs)).toBe('exhausted');
  });

  it('a run that failed before anything was exchanged takes no use', () => {
    const made = net();
    made.post(host, 'agreement.proposed', proposal(made));
    made.post(host, 'job.started', { job, agreement });
    made.post(host, 'job.failed', { job, code: 'guest-gone', exchanged: false });
    expect(made.state.agreement(agreement)!.usesTaken).toBe(0);
  });

  it('a consent is of the very words that are signed', () => {
    expect(hasGuestConsented({ key, consent: consent() }, { network, host, agreement })).toBe(true);
    expect(hasGuestConsented({ key, consent: consent() }, { network, host, agreement: outcome })).toBe(false);
  });
});
