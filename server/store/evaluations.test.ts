import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let store: Awaited<ReturnType<TestServer['store']>>;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  store = await server.store();
});
afterAll(() => server.close());

const key = { partner: 'brand', dataset: 'ds-1', form: 'phone', epoch: 1 };
const limits = { ofPartner: 1000, ofKey: 600, sinceMs: 100 };
const asked = (
  job: string,
  evaluations: number,
  changes: Partial<typeof key> & { atMs?: number; round?: number } = {},
) => ({
  ...key,
  job,
  round: 0,
  evaluations,
  atMs: 500,
  ...changes,
});

describe('evaluations', () => {
  it('are counted for the partner and for the key, until one of them has no more', async () => {
    const { evaluations } = store;
    expect(await evaluations.spend(asked('a', 400), limits)).toEqual({
      counted: true,
      left: { ofPartner: 600, ofKey: 200 },
    });
    expect(await evaluations.spend(asked('b', 201), limits)).toEqual({
      counted: false,
      left: { ofPartner: 600, ofKey: 200 },
    });
    expect(await evaluations.ofKey(key)).toBe(400);
    expect(await evaluations.spend(asked('b', 200), limits)).toMatchObject({ counted: true });
    expect(await evaluations.spend(asked('c', 400, { epoch: 2 }), limits)).toMatchObject({ counted: true });
    // Whatever the key, dataset or form: the partner has had its thousand.
    for (const other of [{ epoch: 3 }, { dataset: 'ds-2' }, { form: 'email' }])
      expect(await evaluations.spend(asked('d', 1, other), limits)).toMatchObject({ counted: false });
    expect(await evaluations.spend(asked('d', 600, { partner: 'shop' }), limits)).toMatchObject({ counted: true });
  });

  it('of a round that is resumed are counted once', async () => {
    const { evaluations } = store;
    for (let i = 0; i < 3; i++) {
      expect(await evaluations.spend(asked('a', 600), limits)).toMatchObject({ counted: true, left: { ofKey: 0 } });
    }
    expect(await evaluations.ofKey(key)).toBe(600);
    expect(await evaluations.spend(asked('a', 1, { round: 1 }), limits)).toMatchObject({ counted: false });
  });

  it('[F69] that 100 rounds race for are given until there is none left, and not one more', async () => {
    const { evaluations } = store;
    const ends = await Promise.all(
      Array.from({ length: 100 }, (_, i) => evaluations.spend(asked(`job-${i}`, 41), limits)),
    );
    expect(ends.filter(({ counted }) => counted)).toHaveLength(14);
    expect(await evaluations.ofKey(key)).toBe(14 * 41);
  });

  it('[F73] come back a day later, and not because the clock was set back or the dataset was made anew', async () => {
    const { evaluations } = store;
    const wide = { ...limits, ofKey: 10_000 };
    await evaluations.spend(asked('a', 1000), wide);
    expect(await evaluations.spend(asked('b', 1, { atMs: 50 }), { ...wide, sinceMs: 0 })).toMatchObject({
      counted: false,
    });
    expect(await evaluations.spend(asked('b', 1, { dataset: 'ds-again' }), wide)).toMatchObject({ counted: false });
    expect(await evaluations.spend(asked('b', 1000, { atMs: 700 }), { ...wide, sinceMs: 501 })).toMatchObject({
      counted: true,
    });
  });
});
