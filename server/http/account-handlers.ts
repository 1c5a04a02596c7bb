/** The routes that concern the node itself: sessions, users, tokens, settings, the audit log. */
import type { ResponseOf, Settings } from '@causeway/core/api';
import type { AuditRow, Store, TokenRow, UserRow } from '../store/index.ts';
import { type Accounts, sessionLimits } from './accounts.ts';
import { notFound } from './api-problem.ts';
import type { AccountHandlers } from './context.ts';
import { readSettings } from './settings.ts';

export function accountHandlers(options: { store: Store; accounts: Accounts; now: () => number }): AccountHandlers {
  const { store, accounts, now } = options;
  return {
    'session.login': async ({ body }, context) => {
      const known = await store.users.byName(body.name);
      if (known !== undefined) context.auditAs(known.name);
      const { user, secret, csrf } = await accounts.signIn({ ...body, source: context.source });
      if (context.presentedSecretHash !== undefined) await store.sessions.end(context.presentedSecretHash);
      context.setSessionCookie(secret, sessionLimits.lifeMaxMs / 1000);
      return { user: userView(user), csrf };
    },
    'session.logout': async (_input, context) => {
      if (context.session !== undefined) await store.sessions.end(context.session.secretHash);
      context.clearSessionCookie();
      return {};
    },
    'session.me': async (_input, context) => {
      const user = await store.users.byId(context.user.id);
      if (user === undefined) throw notFound();
      return { user: userView(user), ...(context.session === undefined ? {} : { csrf: context.session.csrf }) };
    },
    'session.changePassword': async ({ body }, context) => {
      await accounts.changeOwnPassword({
        ...body,
        userId: context.user.id,
        ...(context.session === undefined ? {} : { keepSession: context.session.secretHash }),
      });
      return {};
    },
    'user.list': async () => {
      const users = await store.users.all();
      return {
        items: await Promise.all(users.map(async (user) => userView(user, await accounts.lockedUntilMs(user)))),
      };
    },
    'user.create': async ({ body }) => userView(await accounts.createUser(body)),
    'user.update': async ({ params, body }) => {
      const user = await store.users.update(params.user, {
        ...(body.roles === undefined ? {} : { roles: body.roles }),
        ...(body.status === undefined ? {} : { status: body.status }),
      });
      if (user === undefined) throw notFound();
      await store.sessions.endAllOf(user.id);
      return userView(user);
    },
    'user.setPassword': async ({ params, body }) => {
      if (!(await accounts.setPassword(params.user, body.password))) throw notFound();
      return {};
    },
    'token.list': async (_input, { user }) => ({
      items: (await store.tokens.of(user.id, now())).map(tokenView),
    }),
    'token.create': async ({ body }, { user }) => {
      const { token, secret } = await accounts.createToken({
        userId: user.id,
        name: body.name,
        ...(body.expiresAt === undefined ? {} : { expiresAtMs: Date.parse(body.expiresAt) }),
      });
      return { token: tokenView(token), secret };
    },
    'token.revoke': async ({ params }, { user }) => {
      if (!(await store.tokens.revoke({ id: params.token, userId: user.id, atMs: now() }))) throw notFound();
      return {};
    },
    'settings.get': () => readSettings(store),
    'settings.update': async ({ body }, { user }) => {
      await store.transaction(async (inside) => {
        for (const [key, value] of Object.entries(body satisfies Partial<Settings> | object)) {
          if (value !== undefined) await inside.settings.put({ key, value, atMs: now(), by: user.name });
        }
      });
      return readSettings(store);
    },
    'audit.list': async ({ query }) => {
      const page = await store.audit.list(query);
      return { items: page.items.map(auditView), ...(page.next === undefined ? {} : { next: page.next }) };
    },
    'audit.verify': async () => {
      const verdict = await store.audit.verify();
      return verdict.ok
        ? { ok: true, entries: verdict.entries }
        : { ok: false, entries: verdict.entries, firstBroken: verdict.firstBroken };
    },
  };
}

function userView(user: UserRow, lockedUntilMs?: number): ResponseOf<'user.create'> {
  return {
    id: user.id,
    name: user.name,
    roles: user.roles,
    status: user.status,
    ...(lockedUntilMs === undefined ? {} : { lockedUntil: toTime(lockedUntilMs) }),
    createdAt: toTime(user.createdAtMs),
    ...(user.lastSignInAtMs === null ? {} : { lastSignInAt: toTime(user.lastSignInAtMs) }),
  };
}

function tokenView(token: TokenRow): ResponseOf<'token.create'>['token'] {
  return {
    id: token.id,
    name: token.name,
    createdAt: toTime(token.createdAtMs),
    ...(token.expiresAtMs === null ? {} : { expiresAt: toTime(token.expiresAtMs) }),
    ...(token.lastUsedAtMs === null ? {} : { lastUsedAt: toTime(token.lastUsedAtMs) }),
  };
}

function auditView(row: AuditRow): ResponseOf<'audit.list'>['items'][number] {
  return {
    sequence: row.sequence,
    at: toTime(row.atMs),
    actor: row.actor,
    action: row.action,
    ...(row.target === null ? {} : { target: row.target }),
    ...(row.job === null ? {} : { job: row.job }),
    outcome: row.outcome,
    ...(row.detail === null ? {} : { detail: row.detail }),
    hash: Buffer.from(row.hash).toString('hex'),
  };
}

const toTime = (ms: number): string => new Date(ms).toISOString();
