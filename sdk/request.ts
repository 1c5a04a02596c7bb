import { type Route, type RouteName, routes } from '@causeway/core/api';

/** What goes over the wire for one call. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, from the root of the node. */
  readonly target: string;
  /** JSON, or bytes where the route takes them. */
  readonly body: string | Uint8Array | undefined;
}

/**
 * Sorts one object of parameters, query and body to where the table of routes has them.
 * @throws {TypeError} for a parameter of the path that is missing, or a field that the route does not have.
 */
export function wireRequest(name: RouteName, input: Readonly<Record<string, unknown>>): WireRequest {
  const route: Route = routes[name];
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (field: string): unknown => {
    const value = rest.get(field);
    rest.delete(field);
    return value;
  };
  const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = take(field);
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`${name} needs ${field}, a text that is not empty`);
    // A segment of dots would be resolved away by the URL's own rules.
    return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%252e') : encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const field of Object.keys(route.query?.shape ?? {})) {
    const value = take(field);
    if (value !== undefined) query.set(field, String(value));
  }
  const bytes = route.bytes === undefined ? undefined : take('bytes');
  if (route.bytes !== undefined && !(bytes instanceof Uint8Array)) throw new TypeError(`${name} needs bytes`);
  if (route.body === undefined && rest.size > 0) {
    throw new TypeError(`${name} does not take ${[...rest.keys()].join(', ')}`);
  }
  return {
    method: route.method,
    target: query.size === 0 ? path : `${path}?${query}`,
    body: bytes instanceof Uint8Array ? bytes : route.body && JSON.stringify(Object.fromEntries(rest)),
  };
}
