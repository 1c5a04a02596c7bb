/** The node's local API: server, users, and what handlers of the node need. */

export { Accounts, type AccountsOptions } from './accounts.ts';
export { ApiProblem, notFound, problemFrom } from './api-problem.ts';
export type { ApiHandlers, DomainHandlers, RequestContext, RequestUser } from './context.ts';
export { PasswordHasher } from './password.ts';
export { type ApiServer, type ApiServerOptions, startApi } from './server.ts';
export { allowedPath, readSettings } from './settings.ts';
