import type { Handlers, Role } from '@causeway/core/api';

/** Who is asking, as authenticated. On public routes it is `anonymous`, without a role. */
export interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

export const anonymous: RequestUser = { id: '', name: 'anonymous', roles: new Set() };

/** What a handler knows of the request beside its input. */
export interface RequestContext {
  readonly user: RequestUser;
  /** Aborts when the client has gone, or the node stops. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** The address that the request came from. */
  readonly source: string;
  /** A stream's reader came back and had received up to this `sequence`: go on after it. */
  readonly lastSequence: number | undefined;
}

/** One handler for each route of the local API. */
export type ApiHandlers = Handlers<RequestContext>;

/** What the handlers of sessions know beside that. */
export interface AccountContext extends RequestContext {
  readonly session: { readonly secretHash: Uint8Array; readonly csrf: string } | undefined;
  /** The cookie that the request brought, if it looks like one of ours, valid or not. */
  readonly presentedSecretHash: Uint8Array | undefined;
  /** Whom the audit log names instead of the user, who is not signed in yet. */
  readonly auditAs: (name: string) => void;
  readonly setSessionCookie: (secret: string, maxAgeSeconds: number) => void;
  readonly clearSessionCookie: () => void;
}

type AccountRouteName = Extract<
  keyof ApiHandlers,
  `session.${string}` | `user.${string}` | `token.${string}` | `settings.${string}` | `audit.${string}`
>;

/** The routes that this folder answers itself. */
export type AccountHandlers = Pick<Handlers<AccountContext>, AccountRouteName>;

/** The routes that the node answers. */
export type DomainHandlers = Omit<ApiHandlers, AccountRouteName>;
