import type { Channel, Link, Links } from '@causeway/server/link';
import { overlay } from '../world/overlay.ts';

/** Links whose channels are replaced by something around them. */
export function withChannels(links: Links, around: (channel: Channel) => Channel): Links {
  return overlay(links, {
    to: async (organisation, options) => {
      const link = await links.to(organisation, options);
      return overlay(link, { channel: (name) => around(link.channel(name)) } satisfies Partial<Link>);
    },
  });
}

/** Links that tell of every message that a job hands to a channel. */
export function watched(links: Links, sending: () => void): Links {
  return withChannels(links, (channel) =>
    overlay(channel, {
      send: (message) => {
        sending();
        return channel.send(message);
      },
    }),
  );
}
