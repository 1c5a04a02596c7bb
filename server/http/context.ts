import type { Handlers, Role } from '@causeway/core/api';

/** Who is asking, as authenticated. */
export interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

/** What a handler knows of the request beside its input. */
export interface RequestContext {
  /** Absent on public routes only. */
  readonly user: RequestUser;
  /** Aborts when the client has gone, or the node stops. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** A stream's reader came back and had received up to this `sequence`: go on after it. */
  readonly lastSequence: number | undefined;
}

/** One handler for each route of the local API. */
export type ApiHandlers = Handlers<RequestContext>;
