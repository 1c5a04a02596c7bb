import type { Role } from './role.ts';
import { type RouteName, routeNames, routes } from './table.ts';

/**
 * - `allowed`: one of the roles may call the route.
 * - `forbidden`: the user may read things of this area, but not do this; the answer names the roles that may.
 * - `hidden`: the user may know nothing of this area; the answer is the one for an address that does not exist.
 */
export type Access = 'allowed' | 'forbidden' | 'hidden';

/** What a user with these roles may know of a route, from the table alone. */
export function accessOf(name: RouteName, held: ReadonlySet<Role>): Access {
  if (holds(name, held)) return 'allowed';
  const area = areaOf(name);
  const reads = routeNames.some(
    (other) => areaOf(other) === area && routes[other].method === 'GET' && holds(other, held),
  );
  return reads ? 'forbidden' : 'hidden';
}

/** The first word of a route's name: what it is about. */
function areaOf(name: RouteName): string {
  return name.slice(0, name.indexOf('.'));
}

function holds(name: RouteName, held: ReadonlySet<Role>): boolean {
  const { roles } = routes[name];
  return roles === 'public' || roles.some((role: Role) => held.has(role));
}
