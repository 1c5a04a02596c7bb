import { type DomainHandlers, notFound } from '../../http/index.ts';
import type { Guests } from '../guests.ts';

type Names = `guest.${'invite' | 'list' | 'revoke'}` | `visit.${'open' | 'propose' | 'consent'}`;

export function guestHandlers(guests: Guests): Pick<DomainHandlers, Names> {
  return {
    'guest.invite': async ({ body }, { user }) => guests.invite(body, user.name),
    'guest.list': async () => ({ items: await guests.list() }),
    'guest.revoke': async ({ params }, { user }) => {
      const invite = await guests.revoke(params.invite, user.name);
      if (!invite) throw notFound();
      return invite;
    },
    'visit.open': async ({ body }, { source }) => {
      const { session, offer } = await guests.open(body.secret, source);
      return { session, offer: { ...offer } };
    },
    'visit.propose': async ({ body }) => {
      return { terms: { ...(await guests.propose(body.session, body.list)) } };
    },
    'visit.consent': async ({ body }) => ({ job: await guests.consent(body.session, body) }),
  };
}
