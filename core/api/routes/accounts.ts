import { z } from 'zod';
import { id, line, nothing, time, userName } from '../fields.ts';
import { everyone, roleSet } from '../role.ts';
import type { Route } from '../route.ts';

/** Length alone is asked for (NIST SP 800-63B §3.1.1); 1,024 bounds the work of hashing it. */
const password = z.string().min(12).max(1024);

export const user = z
  .strictObject({
    id,
    name: userName,
    roles: roleSet,
    status: z.enum(['active', 'disabled']),
    lockedUntil: time.optional(),
    createdAt: time,
    lastSignInAt: time.optional(),
  })
  .meta({ id: 'User' });

const token = z
  .strictObject({
    id,
    name: line(100),
    createdAt: time,
    expiresAt: time.optional(),
    lastUsedAt: time.optional(),
  })
  .meta({ id: 'Token' });

/** `csrf` goes into the header `x-causeway-csrf` of every request that changes something with the session's cookie. */
const signedIn = z.strictObject({ user, csrf: z.string().optional() });

export const accountRoutes = {
  'session.login': {
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Signs in with name and password; sets the session cookie',
    roles: 'public',
    body: z.strictObject({ name: userName, password: z.string().min(1).max(1024) }),
    response: signedIn,
    errors: ['bad-credentials', 'too-many-attempts'],
  },
  'session.logout': {
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'Ends this session',
    roles: everyone,
    response: nothing,
  },
  'session.me': {
    method: 'GET',
    path: '/v1/sessions/current',
    summary: 'Who is signed in, with which roles',
    roles: everyone,
    response: signedIn,
  },
  'user.list': {
    method: 'GET',
    path: '/v1/users',
    summary: 'All users of this node',
    roles: ['admin', 'auditor'],
    response: z.strictObject({ items: z.array(user) }),
  },
  'user.create': {
    method: 'POST',
    path: '/v1/users',
    summary: 'Adds a user',
    roles: ['admin'],
    body: z.strictObject({ name: userName, password, roles: roleSet }),
    response: user,
    errors: ['conflict'],
  },
  'user.update': {
    method: 'PATCH',
    path: '/v1/users/{user}',
    summary: 'Changes the roles of a user, disables or enables it; ends its sessions',
    roles: ['admin'],
    params: z.strictObject({ user: id }),
    body: z.strictObject({ roles: roleSet.optional(), status: z.enum(['active', 'disabled']).optional() }),
    response: user,
    errors: ['last-admin'],
  },
  'user.setPassword': {
    method: 'POST',
    path: '/v1/users/{user}/password',
    summary: 'Sets another user’s password, lifts its lock, ends its sessions',
    roles: ['admin'],
    params: z.strictObject({ user: id }),
    body: z.strictObject({ password }),
    response: nothing,
  },
  'session.changePassword': {
    method: 'POST',
    path: '/v1/sessions/current/password',
    summary: 'Changes one’s own password; ends one’s other sessions',
    roles: everyone,
    body: z.strictObject({ current: z.string().min(1).max(1024), password }),
    response: nothing,
    errors: ['bad-credentials', 'too-many-attempts'],
  },
  'token.list': {
    method: 'GET',
    path: '/v1/tokens',
    summary: 'One’s own tokens, without their secrets',
    roles: everyone,
    response: z.strictObject({ items: z.array(token) }),
  },
  'token.create': {
    method: 'POST',
    path: '/v1/tokens',
    summary: 'Makes a bearer token with one’s own roles; its secret is shown this once',
    roles: everyone,
    body: z.strictObject({ name: line(100), expiresAt: time.optional() }),
    response: z.strictObject({ token, secret: z.string() }),
  },
  'token.revoke': {
    method: 'DELETE',
    path: '/v1/tokens/{token}',
    summary: 'Ends one of one’s own tokens',
    roles: everyone,
    params: z.strictObject({ token: id }),
    response: nothing,
  },
} as const satisfies Record<string, Route>;
