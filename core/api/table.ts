import type { ClientInput, HandlerInput, IsStream, ResponseBody } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { activationRoutes } from './routes/activations.ts';
import { agreementRoutes } from './routes/agreements.ts';
import { audienceRoutes } from './routes/audiences.ts';
import { auditRoutes } from './routes/audit.ts';
import { budgetRoutes } from './routes/budgets.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { guestRoutes } from './routes/guests.ts';
import { jobRoutes } from './routes/jobs.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { networkRoutes } from './routes/network.ts';
import { nodeRoutes } from './routes/node.ts';
import { operationRoutes } from './routes/operations.ts';
import { roomRoutes } from './routes/rooms.ts';
import { settingsRoutes } from './routes/settings.ts';
import { templateRoutes } from './routes/templates.ts';
import { uploadRoutes } from './routes/uploads.ts';

/** Every route of a node's local API, by name. */
export const routes = {
  ...nodeRoutes,
  ...accountRoutes,
  ...settingsRoutes,
  ...auditRoutes,
  ...networkRoutes,
  ...uploadRoutes,
  ...datasetRoutes,
  ...agreementRoutes,
  ...templateRoutes,
  ...budgetRoutes,
  ...jobRoutes,
  ...roomRoutes,
  ...audienceRoutes,
  ...activationRoutes,
  ...guestRoutes,
  ...ledgerRoutes,
  ...operationRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
export const routeNames = Object.keys(routes) as readonly RouteName[];

export type InputOf<Name extends RouteName> = HandlerInput<Routes[Name]>;
export type RequestOf<Name extends RouteName> = ClientInput<Routes[Name]>;
export type ResponseOf<Name extends RouteName> = ResponseBody<Routes[Name]>;

/**
 * What answers a route. It is called after the user's role and the input were checked; a stream's handler resolves once
 * the thing to be watched is known to exist, so that an unknown one is still a 404.
 */
export type Handler<Name extends RouteName, Context> = (
  input: InputOf<Name>,
  context: Context,
) => Promise<IsStream<Routes[Name]> extends true ? AsyncIterable<ResponseOf<Name>> : ResponseOf<Name>>;

/** One handler for each route; `Context` is the host's (who asks, and how long). */
export type Handlers<Context> = { readonly [Name in RouteName]: Handler<Name, Context> };
