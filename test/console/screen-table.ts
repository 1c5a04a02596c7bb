/** The console's screens, as data: what of the node's API a screen is for, and what can be done on it. The test of roles goes through it with every role. */
import { type RouteName, routes } from '@causeway/core/api';
import type { en } from '../../console/words/en/index.ts';

export interface Screen {
  /** As the router has it. */
  readonly path: string;
  /** Without being allowed this, a user has nothing to do here. */
  readonly needs: RouteName;
  /** Buttons that stand there from the start, whatever there is to see, by the route that they call. */
  readonly actions: readonly { readonly route: RouteName; readonly word: WordKey }[];
}

type Words = typeof en;
type WordKey = { [Area in keyof Words & string]: `${Area}.${keyof Words[Area] & string}` }[keyof Words & string];

export const screens: readonly Screen[] = [
  { path: '/', needs: 'node.status', actions: [] },
  { path: '/datasets', needs: 'dataset.list', actions: [{ route: 'dataset.add', word: 'datasets.add' }] },
  { path: '/datasets/add', needs: 'dataset.add', actions: [] },
  { path: '/network', needs: 'network.members', actions: [{ route: 'network.invite', word: 'network.makeInvite' }] },
  { path: '/propose', needs: 'agreement.proposeMatch', actions: [] },
  { path: '/agreements', needs: 'agreement.list', actions: [] },
  { path: '/jobs', needs: 'job.list', actions: [] },
  { path: '/results', needs: 'room.list', actions: [] },
  { path: '/audiences', needs: 'audience.list', actions: [] },
  { path: '/guests', needs: 'guest.list', actions: [{ route: 'guest.invite', word: 'guests.invite' }] },
  { path: '/ledger', needs: 'ledger.show', actions: [] },
  { path: '/settings', needs: 'settings.get', actions: [] },
  { path: '/settings/users', needs: 'user.list', actions: [{ route: 'user.create', word: 'settings.addUser' }] },
  { path: '/settings/budgets', needs: 'budget.list', actions: [] },
];

/** Who may use a screen. */
export function rolesFor({ needs }: Screen): readonly string[] {
  const { roles } = routes[needs];
  return roles === 'public' ? [] : roles;
}
