/** Who sent a request: a bearer token, or a session's cookie with its header against forged requests. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Store, UserRow } from '../store/index.ts';
import { sessionLimits } from './accounts.ts';
import { ApiProblem } from './api-problem.ts';
import type { RequestUser } from './context.ts';
import { hashSecret, looksLike, sessionPrefix, tokenPrefix } from './secrets.ts';

export interface Authenticated {
  readonly user: RequestUser;
  readonly session: { readonly secretHash: Uint8Array; readonly csrf: string } | undefined;
}

const minuteMs = 60_000;

/**
 * @returns nothing when the request says nothing of who sent it.
 * @throws {ApiProblem} `unauthenticated`, the same for every reason; `csrf`.
 */
export async function authenticate(
  request: IncomingMessage,
  options: { readonly store: Store; readonly nowMs: number; readonly cookieName: string },
): Promise<Authenticated | undefined> {
  const { store, nowMs } = options;
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const secret = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1] ?? '';
    const found = looksLike(tokenPrefix, secret) ? await store.tokens.find(hashSecret(secret), nowMs) : undefined;
    if (found === undefined) throw refused();
    if ((found.token.lastUsedAtMs ?? 0) < nowMs - minuteMs) await store.tokens.used(found.token.id, nowMs);
    return { user: requestUser(found.user), session: undefined };
  }
  const secret = cookieOf(request, options.cookieName);
  if (secret === undefined) return undefined;
  const secretHash = hashSecret(secret);
  const found = await store.sessions.find(secretHash, { atMs: nowMs, idleMaxMs: sessionLimits.idleMaxMs });
  if (found === undefined) throw refused();
  if (request.method !== 'GET' && !sameText(request.headers['x-causeway-csrf'], found.session.csrf)) {
    throw new ApiProblem({
      code: 'csrf',
      detail: 'the header x-causeway-csrf is missing or not this session’s',
      remedy: 'send the `csrf` that signing in and GET /v1/sessions/current answer with',
    });
  }
  if (found.session.seenAtMs < nowMs - minuteMs) await store.sessions.seen(secretHash, nowMs);
  return { user: requestUser(found.user), session: { secretHash, csrf: found.session.csrf } };
}

/** The session's secret, if the request brought exactly one that looks like ours. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && looksLike(sessionPrefix, values[0]!) ? values[0] : undefined;
}

function refused(): ApiProblem {
  return new ApiProblem({
    code: 'unauthenticated',
    detail: 'the token or session is not valid, or no longer',
    remedy: 'sign in again, or make a new token',
  });
}

function requestUser(user: UserRow): RequestUser {
  return { id: user.id, name: user.name, roles: new Set(user.roles) };
}

function sameText(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== 'string') return false;
  // Of equal length, or the comparison itself would throw.
  return timingSafeEqual(hashSecret(given), hashSecret(expected));
}
