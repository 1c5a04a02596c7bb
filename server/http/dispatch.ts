/** From a request to a handler and back: roles, input, answer, audit; for every route the same, from the table. */
import {
  accessOf,
  type Checked,
  check,
  type FieldProblem,
  type Role,
  type Route,
  type RouteName,
  routes,
  settings,
} from '@causeway/core/api';
import type { z } from 'zod';
import { ApiProblem, notFound } from './api-problem.ts';
import type { AccountContext, RequestUser } from './context.ts';

export type AnyHandler = (
  input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
  context: AccountContext,
) => Promise<unknown>;

/**
 * @throws {ApiProblem} `unauthenticated` where nobody is signed in, `forbidden` with the roles that may, `not-found` where the user
 *   may not even know.
 */
export function checkRole(name: RouteName, user: RequestUser | undefined): void {
  const { roles } = routes[name];
  if (roles === 'public') return;
  if (user === undefined) {
    throw new ApiProblem({
      code: 'unauthenticated',
      detail: 'nobody is signed in',
      remedy: 'sign in, or send a token as `Authorization: Bearer …`',
    });
  }
  switch (accessOf(name, user.roles)) {
    case 'allowed':
      return;
    case 'hidden':
      throw notFound();
    case 'forbidden':
      throw new ApiProblem({
        code: 'forbidden',
        detail: `this needs one of the roles: ${(roles as readonly Role[]).join(', ')}`,
        remedy: `ask a user with the role ${(roles as readonly Role[])[0]} of this node, or an admin for the role`,
      });
  }
}

/** @throws {ApiProblem} `not-found` for an id that none can be; `invalid-request` with a JSON pointer to the field. */
export function readInput(name: RouteName, raw: { params: unknown; query: unknown; body: unknown }) {
  const route: Route = routes[name];
  const params = checkPart(route.params, raw.params ?? {});
  if (!params.ok) throw notFound();
  const query = checkPart(route.query, raw.query ?? {});
  if (!query.ok) throw invalid('query parameter', query.problems);
  const isBytes = raw.body instanceof Uint8Array;
  if (isBytes !== (route.bytes !== undefined)) {
    const expected = route.bytes === undefined ? 'application/json' : 'application/octet-stream';
    throw new ApiProblem({ code: 'unsupported-media-type', detail: `the body is not declared as ${expected}` });
  }
  if (isBytes) return { params: params.value, query: query.value, body: { bytes: raw.body } };
  const body = checkPart(route.body, raw.body === undefined ? {} : raw.body);
  if (!body.ok) throw invalid('field', body.problems);
  return { params: params.value, query: query.value, body: body.value };
}

/** @throws {z.ZodError} when a handler answers with something that the table does not promise: our own bug. */
export function readOutput(name: RouteName, output: unknown): unknown {
  return (routes[name].response as z.ZodType).parse(output);
}

/**
 * What the audit log says a request was about: the names in its address, and those fields of its body that name things or
 * change rules. Never a password, an invite or a reason; and nothing of a sign-in, whose name may be a mistyped password.
 */
export function auditTarget(
  name: RouteName,
  input: { readonly params: unknown; readonly body: unknown },
): string | undefined {
  if (name.startsWith('session.')) return undefined;
  const told = [
    'name',
    'path',
    'to',
    'agreement',
    'with',
    'mine',
    'theirs',
    'roles',
    'status',
    ...Object.keys(settings.shape),
  ];
  const body = Object.entries(input.body as object).filter(([field]) => told.includes(field));
  const parts = [...Object.entries(input.params as object), ...body].map(
    ([field, value]) => `${field}=${String(value)}`,
  );
  return parts.length === 0 ? undefined : parts.join(' ').slice(0, 1000);
}

/** Everything that changes something, and everything that leaves the node as a file. Signing in is said there, with the name. */
export function isAudited(name: RouteName): boolean {
  const route: Route = routes[name];
  // Of a file that comes in pieces, its beginning is written down, and its end: a line for each piece would bury both.
  if (route.bytes !== undefined) return false;
  return route.method !== 'GET' || route.download === true;
}

function checkPart(schema: z.ZodObject | undefined, value: unknown): Checked<unknown> {
  if (schema !== undefined) return check(schema, value);
  const names = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [''];
  if (names.length === 0) return { ok: true, value: {} };
  return { ok: false, problems: names.map((name) => ({ pointer: `/${name}`, detail: 'unknown field' })) };
}

function invalid(kind: 'field' | 'query parameter', problems: readonly FieldProblem[]): ApiProblem {
  const sentences = problems.map(
    ({ pointer, detail }) => `${kind} ${pointer === '' ? '(the whole)' : pointer}: ${detail}`,
  );
  return new ApiProblem({ code: 'invalid-request', detail: sentences.join('; '), pointer: problems[0]?.pointer ?? '' });
}
