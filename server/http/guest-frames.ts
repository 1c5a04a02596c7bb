/**
 * The frames of a guest's match, beside the API's JSON: one request that stays open carries what the page is to read, and each frame of the
 * page's own is a request. A frame has a length of 4 bytes before it, big-endian, on the way to the page.
 */
import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiProblem } from './api-problem.ts';

/** One session's frames, as the node has them. */
export interface FramesOfGuest {
  accept(frame: Uint8Array): Promise<void>;
  frames(): AsyncIterable<Uint8Array>;
  close(reason: string): void;
}

export interface GuestFrames {
  /** Begins to read for a session. @throws for a session that is over, or is read already. */
  attach(session: string): FramesOfGuest;
  linkOf(session: string): FramesOfGuest;
  readonly frameBytesMax: number;
}

/** Where the page's session stands: in no address, which would be kept and logged. */
const sessionHeader = 'x-causeway-guest';
const address = '/v1/guest-sessions/frames';

export async function serveGuestFrames(app: FastifyInstance, guests: GuestFrames): Promise<void> {
  await app.register(async (scope) => {
    scope.post(address, { bodyLimit: guests.frameBytesMax }, async (request, reply) => {
      const link = guests.linkOf(sessionOf(request));
      if (!Buffer.isBuffer(request.body))
        throw new ApiProblem({ code: 'unsupported-media-type', detail: 'a frame is bytes' });
      // Memory of its own: the parser's buffer may be part of a larger one that is used again.
      await link.accept(new Uint8Array(request.body));
      return reply.code(204).send();
    });
    scope.get(address, async (request, reply) => {
      const link = guests.attach(sessionOf(request));
      reply.hijack();
      const { raw } = reply;
      const gone = new Promise<undefined>((resolve) => raw.once('close', () => resolve(undefined)));
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'application/octet-stream',
        'x-accel-buffering': 'no',
      });
      raw.flushHeaders();
      const frames = link.frames()[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await Promise.race([frames.next(), gone]);
          if (next === undefined || next.done === true) break;
          const length = Buffer.alloc(4);
          length.writeUInt32BE(next.value.length);
          raw.write(length);
          if (!raw.write(next.value)) await Promise.race([once(raw, 'drain').catch(() => {}), gone]);
        }
      } finally {
        link.close('the page of the guest was closed');
        raw.end();
      }
      return reply;
    });
  });
}

function sessionOf(request: FastifyRequest): string {
  const session = request.headers[sessionHeader];
  if (typeof session === 'string' && /^[A-Za-z0-9_-]{43}$/.test(session)) return session;
  throw new ApiProblem({ code: 'unauthenticated', detail: 'this is for the page of a guest' });
}
