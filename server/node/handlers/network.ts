import type { DomainHandlers } from '../../http/index.ts';
import type { Invites } from '../invites.ts';
import { type Services, timeText } from '../services.ts';

type Names = `network.${'create' | 'invite' | 'join' | 'members' | 'rename'}`;

export function networkHandlers({ network, links, home }: Services, invites: Invites): Pick<DomainHandlers, Names> {
  return {
    'network.create': async ({ body }) => {
      await network.create(body.name);
      return network.summary!;
    },
    'network.invite': async () => invites.make(),
    'network.join': async ({ body }) => {
      await invites.accept(body.invite);
      return network.summary!;
    },
    'network.rename': async ({ body }) => {
      await network.rename(body.name);
      return { name: network.ownName };
    },
    'network.members': async () => {
      const { ledger } = network;
      const states = new Map(links.status().map(({ organisation, state }) => [organisation, state]));
      return {
        items: ledger.state.members().map((member) => {
          const link = states.get(member.organisation);
          return {
            organisation: member.organisation,
            name: member.name,
            tlsFingerprint: member.tlsFingerprint,
            identityKey: member.identityKey,
            ...(member.endpoint === undefined ? {} : { endpoint: member.endpoint }),
            operator: member.organisation === ledger.log.operator,
            self: member.organisation === home.config.organisation,
            status: 'member' as const,
            joinedAt: timeText(member.joinedAtMs),
            ...(link === undefined ? {} : { link }),
          };
        }),
      };
    },
  };
}
