/** Who is signed in: asked of the node once, and forgotten when the node says that it is over. */
import type { ResponseOf, Role, RouteName } from '@causeway/core/api';
import { routes } from '@causeway/core/api';
import { ApiError } from '@causeway/sdk';
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { client } from './client.ts';

export type User = ResponseOf<'session.me'>['user'];

export const session = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return (await client.session.me({}, { signal })).user;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'unauthenticated') return null;
      throw error;
    }
  },
});

export function useUser(): User | null {
  return useSuspenseQuery(session).data;
}

/** Whether a user with these roles may call the route, by the same table as the node. */
export function may(roles: readonly Role[], name: RouteName): boolean {
  const allowed: readonly Role[] | 'public' = routes[name].roles;
  return allowed === 'public' || roles.some((role) => allowed.includes(role));
}

/** @returns whether whoever is signed in may do this. */
export function useMay(): (name: RouteName) => boolean {
  const roles = useUser()?.roles ?? [];
  return (name) => may(roles, name);
}

/** Signs in and out; nothing that one user has read is left for the next. */
export function useSigning() {
  const queries = useQueryClient();
  return {
    signIn: async (given: { readonly name: string; readonly password: string }) => {
      const { user } = await client.session.login(given);
      queries.setQueryData(session.queryKey, user);
    },
    signOut: async () => {
      await client.session.logout();
      queries.clear();
      queries.setQueryData(session.queryKey, null);
    },
  };
}
