/** A node's local API from TypeScript, made from the table of routes: what the node serves is what can be called. */

export type { Problem, RequestOf, ResponseOf, RouteName } from '@causeway/core/api';
export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export { ApiError, errorFrom } from './error.ts';
export { type WireRequest, wireRequest } from './request.ts';
