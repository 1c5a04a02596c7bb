import { type RouteName, roles, routeNames, routes } from '@causeway/core/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathOf, startTestApi, type TestApi } from './test-api.ts';

/**
 * What each role may do, written down by hand: `x` may, `-` is told which role may, `.` may not know that it exists.
 * In the order admin, steward, analyst, approver, auditor. A change of the table of routes has to be made here too.
 */
const expected: Record<RouteName, string> = {
  'node.health': 'public',
  'node.status': 'xxxxx',
  'node.doctor': 'xxxxx',
  'node.backup': 'x----',
  'node.stop': 'x----',
  'session.login': 'public',
  'session.logout': 'xxxxx',
  'session.me': 'xxxxx',
  'session.changePassword': 'xxxxx',
  'user.list': 'x...x',
  'user.create': 'x...-',
  'user.update': 'x...-',
  'user.setPassword': 'x...-',
  'token.list': 'xxxxx',
  'token.create': 'xxxxx',
  'token.revoke': 'xxxxx',
  'settings.get': 'xxxxx',
  'settings.update': 'x----',
  'audit.list': 'x...x',
  'audit.verify': 'x...x',
  'network.create': 'x----',
  'network.invite': 'x----',
  'network.join': 'x----',
  'network.rename': 'x----',
  'network.members': 'xxxxx',
  'upload.begin': 'xx..-',
  'upload.put': 'xx..-',
  'upload.list': 'xx..x',
  'upload.remove': 'xx..-',
  'dataset.inspect': 'xx---',
  'dataset.add': 'xx---',
  'dataset.update': 'xx---',
  'dataset.list': 'xxxxx',
  'dataset.show': 'xxxxx',
  'dataset.refused': 'xx--x',
  'dataset.values': '-xx-x',
  'dataset.prepare': 'xx---',
  'dataset.previewPublication': 'xx---',
  'dataset.publish': 'xx---',
  'dataset.withdraw': 'xx---',
  'dataset.remove': 'xx---',
  'catalogue.list': 'xxxxx',
  'agreement.proposeMatch': '--x--',
  'agreement.proposeInsight': '--x--',
  'agreement.proposeRoom': '--x--',
  'agreement.proposeDelivery': '--x--',
  'agreement.proposeActivation': '--x--',
  'agreement.list': 'xxxxx',
  'agreement.show': 'xxxxx',
  'agreement.verdicts': 'xxxxx',
  'agreement.approve': '---x-',
  'agreement.reject': '---x-',
  'agreement.revoke': '---x-',
  'template.list': 'xxxxx',
  'template.save': '--x--',
  'template.remove': '--x--',
  'budget.list': 'xxxxx',
  'job.run': '--x--',
  'job.list': 'xxxxx',
  'job.show': 'xxxxx',
  'job.events': 'xxxxx',
  'job.partners': 'xxxxx',
  'job.cancel': 'x-x--',
  'job.resume': 'x-x--',
  'evidence.export': 'xxxxx',
  'room.list': 'xxxxx',
  'room.show': 'xxxxx',
  'room.preview': '--x--',
  'room.ask': '--x--',
  'room.previewReport': '--x--',
  'room.report': '--x--',
  'room.select': '--x--',
  'room.audiences': 'xxxxx',
  'room.answers': 'xxxxx',
  'room.close': '---x-',
  'audience.destinations': 'xxxxx',
  'audience.list': 'xxxxx',
  'audience.show': 'xxxxx',
  'audience.export': 'xx---',
  'audience.download': 'xx---',
  'activation.export': 'xx---',
  'activation.keys': 'xxxxx',
  'activation.domain': 'xxxxx',
  'activation.newKey': 'x----',
  'guest.invite': '---x-',
  'guest.list': 'xxxxx',
  'guest.confirm': '---x-',
  'guest.revoke': 'x--x-',
  'visit.open': 'public',
  'visit.propose': 'public',
  'visit.consent': 'public',
  'ledger.verify': 'xxxxx',
  'ledger.show': 'xxxxx',
  'ledger.head': 'xxxxx',
  'operation.list': 'xx..x',
  'operation.show': 'xx..x',
  'operation.events': 'xx..x',
  'operation.cancel': 'xx..-',
};

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

/** A field that no route has: refused with 400 where the role may, before any handler runs, so nothing is changed. */
function probe(name: RouteName, headers: Record<string, string>) {
  const { method } = routes[name];
  if (method === 'PUT') {
    const bytes = { ...headers, 'content-type': 'application/octet-stream' };
    return test.send('PUT', `${pathOf(name)}?probe=1`, bytes, 'x');
  }
  if (method === 'GET') return test.send('GET', `${pathOf(name)}?probe=1`, headers);
  return test.send(method, pathOf(name), { ...headers, 'content-type': 'application/json' }, '{"probe":1}');
}

describe('[F107, F77] every role on every route', () => {
  it.each(routeNames)('%s', async (name) => {
    const row = expected[name];
    const stranger = await probe(name, {});
    expect(stranger.status).toBe(row === 'public' ? 400 : 401);
    for (const [i, role] of roles.entries()) {
      const answer = await probe(name, { authorization: `Bearer ${test.tokens[role]}` });
      const mark = row === 'public' ? 'x' : row[i];
      expect(answer.status, role).toBe(mark === 'x' ? 400 : mark === '-' ? 403 : 404);
      if (mark === '-') {
        expect(answer.json).toMatchObject({ code: 'forbidden', remedy: expect.stringContaining('role') });
        const may = roles.filter((_, k) => row[k] === 'x').join(', ');
        expect(answer.json.detail).toContain(may);
      }
    }
  });

  it('the table above is the whole table', () => expect(Object.keys(expected).sort()).toEqual([...routeNames].sort()));

  it('a user with two roles may what each may', async () => {
    const user = await test.api.accounts.createUser({ name: 'both', roles: ['analyst', 'approver'] });
    const { secret } = await test.api.accounts.createToken({ userId: user.id, name: 't' });
    const may = async (name: RouteName) => (await probe(name, { authorization: `Bearer ${secret}` })).status;
    expect(await may('agreement.proposeMatch')).toBe(400);
    expect(await may('agreement.approve')).toBe(400);
    expect(await may('dataset.add')).toBe(403);
    expect(await may('user.list')).toBe(404);
  });

  it('a refusal of something that would change something is in the audit log, with the name', async () => {
    await test.as('steward', 'POST', '/v1/jobs', { agreement: 'x' });
    const [last] = (await test.store.audit.list({ limit: 1 })).items;
    expect(last).toMatchObject({ actor: 'steward', action: 'job.run', outcome: 'refused', detail: 'forbidden' });
  });
});

describe('[F106] what is not yours, or not there, looks the same', () => {
  const unlike = (answer: { json: { requestId: string }; headers: Record<string, unknown> }) => {
    const { requestId: _, ...problem } = answer.json;
    const { 'x-request-id': _id, date: _date, ...headers } = answer.headers;
    return { problem, headers };
  };

  it('a route that a role may not know answers as an address that does not exist', async () => {
    const hidden = await test.as('analyst', 'GET', '/v1/users');
    const absent = await test.as('analyst', 'GET', '/v1/nothing');
    expect(hidden.status).toBe(404);
    expect(unlike(hidden)).toEqual(unlike(absent));
  });

  it('another user’s token, a revoked one and one that never was', async () => {
    const made = await test.as('admin', 'POST', '/v1/tokens', { name: 'mine' });
    const theirs = await test.as('analyst', 'DELETE', `/v1/tokens/${made.json.token.id}`);
    const absent = await test.as('analyst', 'DELETE', `/v1/tokens/${'0'.repeat(24)}`);
    expect(theirs.status).toBe(404);
    expect(unlike(theirs)).toEqual(unlike(absent));
    expect((await test.as('analyst', 'GET', '/v1/tokens')).text).not.toContain(made.json.token.id);
    expect((await test.as('admin', 'DELETE', `/v1/tokens/${made.json.token.id}`)).status).toBe(200);
    expect(unlike(await test.as('admin', 'DELETE', `/v1/tokens/${made.json.token.id}`))).toEqual(unlike(absent));
  });

  it('being forbidden does not say whether the thing exists', async () => {
    await test.store.datasets.create({
      ...{
        id: 'd1',
        name: 'crm',
        rows: 1,
        bytes: 1,
        description: {},
        report: {},
        source: {},
        folder: '/x',
        atMs: 0,
        by: 'a',
      },
    });
    const there = await test.as('analyst', 'DELETE', '/v1/datasets/crm');
    const absent = await test.as('analyst', 'DELETE', '/v1/datasets/nothing');
    expect(there.status).toBe(403);
    expect(unlike(there)).toEqual(unlike(absent));
  });

  it.each([
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'a%00b',
    '%5c%5chost%5cshare',
    'C:%5c',
    '%e2%80%ae',
    '%ff',
  ])('[F66] %s is no name of anything', async (name) => {
    for (const path of [`/v1/tokens/${name}`, `/v1/datasets/${name}`]) {
      const answer = await test.as('admin', 'DELETE', path);
      expect([404, 418], path).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    expect((await test.as('admin', 'DELETE', `/v1/tokens/${name}`)).status).toBe(404);
  });
});
