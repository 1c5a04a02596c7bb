import { type DomainHandlers, notFound } from '../../http/index.ts';
import type { GuestInvites } from '../guest-invites.ts';
import type { GuestVisits } from '../guest-visits.ts';

type Names = `guest.${'invite' | 'list' | 'confirm' | 'revoke'}` | `visit.${'open' | 'propose' | 'consent'}`;

export function guestHandlers(invites: GuestInvites, visits: GuestVisits): Pick<DomainHandlers, Names> {
  return {
    'guest.invite': async ({ body }, { user }) => invites.make(body, user.name),
    'guest.list': async () => ({ items: await invites.list() }),
    'guest.confirm': async ({ params }, { user }) => {
      const invite = await invites.confirm(params.invite, user.name);
      if (!invite) throw notFound();
      return invite;
    },
    'guest.revoke': async ({ params }, { user }) => {
      const invite = await invites.revoke(params.invite, user.name);
      if (!invite) throw notFound();
      visits.endOf(invite.id);
      return invite;
    },
    'visit.open': async ({ body }, { source }) => {
      const { session, offer } = await visits.open(body.secret, source);
      return { session, offer: { ...offer } };
    },
    'visit.propose': async ({ body }) => ({ terms: { ...(await visits.propose(body.session, body.list)) } }),
    'visit.consent': async ({ body }) => ({ job: await visits.consent(body.session, body) }),
  };
}
