import { describe, expect, it } from 'vitest';
import { optOutsFor, requireInForce } from './export-rules.ts';
import type { Services } from './services.ts';

const nowMs = Date.parse('2026-06-15T00:00:00Z');
const ids = (...profiles: string[]) => ({
  parquet: { sha256: 'ab' },
  ids: profiles.map((profile, i) => ({ column: `c${i}`, storedAs: `id_${i}`, profile })),
});

interface Known {
  readonly expiresAt?: string;
  /** By agreement, who revoked it, as the ledger has it. */
  readonly revokedBy?: Readonly<Record<string, string>>;
  /** Of the agreement that audiences here come from. */
  readonly more?: object;
}

/** What these rules ask of a node. */
function services(
  datasets: Readonly<Record<string, ReturnType<typeof ids>>>,
  { expiresAt = '2026-07-01T00:00:00Z', revokedBy = {}, more = {} }: Known = {},
) {
  const limits = { expiresAt };
  const agreements: Readonly<Record<string, object>> = {
    a: { id: 'a', status: 'active', terms: { operation: 'match', limits, ...more } },
    'the-match': { id: 'the-match', status: 'active', terms: { operation: 'match', limits } },
  };
  return {
    home: { folder: '/data' },
    clock: { wallMs: () => nowMs },
    network: { ledgerIfAny: { state: { agreement: (id: string) => ({ revokedBy: revokedBy[id] }) } } },
    store: {
      jobs: { find: async () => ({ agreement: 'a' }) },
      agreements: { find: async (id: string) => agreements[id] },
      datasets: {
        find: async (name: string) => datasets[name] && { name, folder: `datasets/${name}`, report: datasets[name] },
      },
    },
  } as unknown as Services;
}

const audience = { name: 'crm-matched', job: 'job-1' } as Parameters<typeof requireInForce>[0];
const crm = { name: 'crm', report: ids('phone', 'email') } as unknown as Parameters<typeof optOutsFor>[0];

describe('an export', () => {
  it('ends with the agreement under which its rows were matched', async () => {
    await expect(requireInForce(audience, services({}))).resolves.toMatchObject({
      limits: { expiresAt: '2026-07-01T00:00:00Z' },
    });
    await expect(requireInForce(audience, services({}, { expiresAt: '2026-06-15T00:00:00Z' }))).rejects.toMatchObject({
      message: expect.stringContaining('crm-matched was made ended at 2026-06-15T00:00:00Z'),
    });
  });

  it('[F78] ends when any party revokes that agreement, or the one of the match that a delivery stands on', async () => {
    const revoked = services({}, { revokedBy: { a: 'media' } });
    await expect(requireInForce(audience, revoked)).rejects.toMatchObject({
      message: expect.stringContaining('crm-matched was made was revoked by media'),
    });
    const more = { operation: 'deliver', match: { agreement: 'the-match' } };
    await expect(requireInForce(audience, services({}, { more }))).resolves.toMatchObject(more);
    const base = services({}, { more, revokedBy: { 'the-match': 'brand' } });
    await expect(requireInForce(audience, base)).rejects.toMatchObject({
      message: expect.stringContaining('was revoked by brand'),
    });
    const unknown = services({}, { more: { ...more, match: { agreement: 'another' } } });
    await expect(requireInForce(audience, unknown)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves out who opted out, by every kind of identifier that both have', async () => {
    const lists = await optOutsFor(crm, ['stop', 'stop'], services({ stop: ids('email/sha256', 'oaid', 'phone/md5') }));
    expect(lists).toEqual([
      {
        parquet: '/data/datasets/stop/rows.parquet',
        sha256: 'ab',
        pairs: [
          expect.objectContaining({ own: { column: 'id_0', profile: 'phone' }, common: 'phone/md5' }),
          expect.objectContaining({ own: { column: 'id_1', profile: 'email' }, common: 'email/sha256' }),
        ],
      },
    ]);
  });

  it('is refused where a list is not there, or its people could not be recognised', async () => {
    await expect(optOutsFor(crm, ['stop'], services({}))).rejects.toThrow('no dataset "stop"');
    await expect(optOutsFor(crm, ['stop'], services({ stop: ids('oaid') }))).rejects.toMatchObject({
      code: 'conflict',
      details: { remedy: expect.stringContaining('phone, email') },
    });
  });
});
