import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessOf, check, httpProblems, openApi, type Role, type Route, roles, routeNames, routes } from './index.ts';

const table: readonly (readonly [string, Route])[] = routeNames.map((name) => [name, routes[name]]);

describe('the table of routes', () => {
  it('has no two routes of one method and address, whatever their parameters are called', () => {
    const addresses = table.map(([, route]) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it.each(table)('%s: parameters are those of its path, and no field has two places', (_name, route) => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(route.params?.shape ?? {})).toEqual(inPath);
    const fields = [route.params, route.query, route.body].flatMap((schema) => Object.keys(schema?.shape ?? {}));
    expect(new Set(fields).size).toBe(fields.length);
  });

  it.each(table)('[F112] %s: what comes in is strict, all the way down', (_name, route) => {
    for (const schema of [route.params, route.query, route.body]) {
      if (schema !== undefined) expect(openObjects(z.toJSONSchema(schema, { io: 'input' }))).toEqual([]);
    }
  });

  it.each(table)(
    '%s: only a GET may be without a body or with a query, and only streams and files are special GETs',
    (_name, route) => {
      if (route.method === 'POST' || route.method === 'PATCH') expect(route.body).toBeDefined();
      else expect(route.body).toBeUndefined();
      if (route.method !== 'GET') expect([route.stream, route.download]).toEqual([undefined, undefined]);
      // Bytes are put in a place, and what is said of them stands in the address.
      expect(route.bytes !== undefined).toBe(route.method === 'PUT');
      if (route.method !== 'GET' && route.method !== 'PUT') expect(route.query).toBeUndefined();
    },
  );

  it.each(table.filter(([, route]) => route.stream === 'sse'))('%s: every event has a sequence', (_name, route) => {
    expect(Object.keys((route.response as z.ZodObject).shape)).toContain('sequence');
  });
});

describe('[F107] access', () => {
  const sets = Array.from({ length: 32 }, (_, bits) => new Set(roles.filter((_role, i) => (bits >> i) & 1)));

  it.each(routeNames)('%s: more roles never allow less or show less', (name) => {
    const rank = { hidden: 0, forbidden: 1, allowed: 2 };
    for (const held of sets) {
      const alone = [...held].map((role) => rank[accessOf(name, new Set([role]))]);
      expect(rank[accessOf(name, held)]).toBe(Math.max(rank[accessOf(name, new Set())], ...alone));
    }
  });

  it('the auditor may read everything and change nothing but what is its own', () => {
    const auditor = new Set<Role>(['auditor']);
    // A guest's page is nobody who is signed in; rows of people leave the node for who gives them out.
    const own = ['session.', 'token.', 'visit.'];
    const harmless = ['node.doctor', 'ledger.verify', 'audit.verify'];
    for (const [name, route] of table) {
      const mine = own.some((prefix) => name.startsWith(prefix)) || harmless.includes(name);
      expect(accessOf(name as never, auditor) === 'allowed', name).toBe(
        (route.method === 'GET' && route.file === undefined) || mine,
      );
    }
  });

  it('nobody who only analyses or audits puts files in or takes files out', () => {
    for (const name of ['dataset.inspect', 'dataset.add', 'dataset.remove', 'audience.export'] as const) {
      expect(accessOf(name, new Set<Role>(['analyst', 'approver', 'auditor']))).not.toBe('allowed');
    }
  });

  it('[F109] to propose and to approve are different roles', () => {
    expect(accessOf('agreement.approve', new Set<Role>(['admin', 'steward', 'analyst', 'auditor']))).toBe('forbidden');
    expect(accessOf('agreement.proposeMatch', new Set<Role>(['admin', 'steward', 'approver', 'auditor']))).toBe(
      'forbidden',
    );
  });
});

describe('[F112] checking', () => {
  const body = routes['dataset.add'].body;
  const good = { path: '/a.csv', name: 'crm', ids: [{ column: 'm', profile: 'phone' }] };

  it.each([
    ['an unknown field', { ...good, 'a/b~': 1 }, '/a~1b~0'],
    ['an unknown field deep inside', { ...good, ids: [{ column: 'm', profile: 'phone', salt: 1 }] }, '/ids/0/salt'],
    ['a missing field', { ...good, path: undefined }, '/path'],
    ['a wrong type', { ...good, ids: { column: 'm' } }, '/ids'],
    ['an empty list', { ...good, ids: [] }, '/ids'],
    ['a grade that is none', { ...good, attributes: [{ column: 'c', grade: 'secret' }] }, '/attributes/0/grade'],
    ['not an object', 'crm', ''],
  ])('%s is named by its pointer', (_name, value, pointer) => {
    const result = check(body, value);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems[0]?.pointer).toBe(pointer);
  });

  it('a refusal never repeats what a field held', () => {
    const secret = '13800138000';
    for (const value of [
      { ...good, name: `\u0000${secret}` },
      { ...good, ids: secret },
      { ...good, attributes: [secret] },
    ]) {
      expect(JSON.stringify(check(body, value))).not.toContain(secret);
    }
  });

  it.each([
    ['长堤 🧨 العربية'],
    ['a'.repeat(200)],
    ["'; DROP TABLE users; --"],
    ['<script>alert(1)</script>'],
    ['../../etc/passwd'],
  ])('[F113] the name %s is a name', (name) => {
    expect(check(body, { ...good, name })).toMatchObject({ ok: true, value: { name } });
  });

  it.each([
    ['a line end', 'a\nb'],
    ['a right-to-left override', 'txt.\u202eexe'],
    ['a NUL', 'a\u0000'],
    ['a lone surrogate', '\ud800'],
    ['blanks at the end', 'crm '],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['nothing', ''],
  ])('[F4][F113] %s is not in a name', (_what, name) => {
    expect(check(body, { ...good, name })).toMatchObject({ ok: false, problems: [{ pointer: '/name' }] });
  });
});

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApi({ version: '1.2.3' })));

  it('has every route once, with its name', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path as Record<string, { operationId: string }>).map((operation) => operation.operationId),
    );
    expect(ids.sort()).toEqual([...routeNames].sort());
  });

  it('every reference leads somewhere, and every named schema is used', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((m) => m[1]),
    );
    expect([...references].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it('a stranger needs a token or session wherever the table says so', () => {
    for (const [name, route] of table) {
      const operation = document.paths[route.path][route.method.toLowerCase()];
      expect(operation.security.length === 0, name).toBe(route.roles === 'public');
    }
  });

  it('says which fields are required, and refuses others', () => {
    const { schema } = document.paths['/v1/datasets'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({ required: ['path', 'name', 'ids'], additionalProperties: false });
    const [after, limit] = document.paths['/v1/jobs'].get.parameters;
    expect(after).toMatchObject({ name: 'after', in: 'query', required: false });
    expect(limit.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 1000 });
  });

  it('its own problems have each a status of their kind', () => {
    for (const { status } of Object.values(httpProblems)) expect(status).toBeGreaterThanOrEqual(400);
  });
});

/** Paths of objects in a JSON Schema that take fields beyond those named. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties } = schema as { type?: unknown; additionalProperties?: unknown };
  const here = type === 'object' && additionalProperties !== false ? [path] : [];
  return [...here, ...Object.entries(schema).flatMap(([name, inner]) => openObjects(inner, `${path}/${name}`))];
}
