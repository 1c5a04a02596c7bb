/** The links of a node as one job has them: the bytes of its messages and calls are counted, and nothing else is different. */
import type { Channel, Link, Links } from '../link/index.ts';

/** Bytes of messages, before what the wire adds. */
export type CountBytes = (bytes: { readonly sent?: number; readonly received?: number }) => void;

export function countedLinks(links: Links, count: CountBytes): Links {
  return {
    to: async (organisation, options) => countedLink(await links.to(organisation, options), count),
    onCall: (method, handler) => links.onCall(method, handler),
    status: () => links.status(),
    refresh: () => links.refresh(),
    close: () => links.close(),
  };
}

function countedLink(link: Link, count: CountBytes): Link {
  return {
    peer: link.peer,
    get state() {
      return link.state;
    },
    call: async (method, body, options) => {
      count({ sent: body.length });
      const answer = await link.call(method, body, options);
      count({ received: answer.length });
      return answer;
    },
    channel: (name) => countedChannel(link.channel(name), count),
  };
}

function countedChannel(channel: Channel, count: CountBytes): Channel {
  return {
    name: channel.name,
    send: (message) => {
      count({ sent: message.length });
      return channel.send(message);
    },
    receive: async (options) => {
      const message = await channel.receive(options);
      count({ received: message.length });
      return message;
    },
    close: (reason) => channel.close(reason),
  };
}
