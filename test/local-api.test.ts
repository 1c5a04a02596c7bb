/** The SDK against a node's API on a real socket: what one says the other understands. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@causeway/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../server/http/test-api.ts';

let test: TestApi;
let client: Client;
beforeAll(async () => {
  test = await startTestApi({
    'operation.events': async (_input, context) =>
      (async function* () {
        for (let sequence = (context.lastSequence ?? 0) + 1; sequence <= 3; sequence++) {
          yield { sequence, at: '2026-03-01T00:00:00Z', operation };
          await sleep(1);
        }
      })(),
  });
  client = createClient({ url: test.api.url, token: test.tokens.admin });
});
afterAll(() => test.close());

const operation = {
  id: 'o1',
  kind: 'dataset.add',
  target: 'crm',
  status: 'running',
  stage: 'reading',
  progress: 0.5,
  startedBy: 'ada',
  startedAt: '2026-03-01T00:00:00Z',
} as const;

describe('the SDK and the node', () => {
  it('users are made, sign in with a session, change something with it, and sign out', async () => {
    const password = 'a long enough password';
    await client.user.create({ name: '韩梅梅', password, roles: ['analyst'] });
    const hers = createClient({ url: test.api.url });
    expect((await hers.session.login({ name: '韩梅梅', password })).user.roles).toEqual(['analyst']);
    const { secret } = await hers.token.create({ name: 'script' });
    expect((await createClient({ url: test.api.url, token: secret }).session.me()).user.name).toBe('韩梅梅');
    await hers.session.logout();
    await expect(hers.session.me()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('a refusal arrives with its code, its remedy and its pointer', async () => {
    const analyst = createClient({ url: test.api.url, token: test.tokens.analyst });
    await expect(analyst.settings.update({ fourEyes: true })).rejects.toMatchObject({
      code: 'forbidden',
      problem: { remedy: expect.stringContaining('admin') },
    });
    await expect(client.settings.update({ minimumListRows: 2 })).rejects.toMatchObject({
      status: 400,
      problem: { pointer: '/minimumListRows' },
    });
    await expect(client.token.revoke({ token: '..' })).rejects.toMatchObject({ status: 404 });
  });

  it('a stream is followed to its end', async () => {
    const sequences: number[] = [];
    for await (const event of client.operation.events({ operation: 'o1' })) sequences.push(event.sequence);
    expect(sequences).toEqual([1, 2, 3]);
  });

  it('a node that is not there is unreachable', async () => {
    const nobody = createClient({ url: 'http://127.0.0.1:1', token: 'x' });
    await expect(nobody.node.health()).rejects.toMatchObject({ code: 'unreachable' });
  });
});
