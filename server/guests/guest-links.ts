/** Which guest is there for which agreement: a job of an agreement finds its way to the page that agreed to it. */
import { JobFailure } from '../jobs/life/index.ts';
import type { Links } from '../link/index.ts';
import type { GuestLink } from './guest-link.ts';

export class GuestLinks {
  readonly #links = new Map<string, GuestLink>();

  add(agreement: string, link: GuestLink): void {
    this.#links.set(agreement, link);
  }

  /** What the page was told last, it still reads. */
  end(agreement: string): void {
    this.#links.get(agreement)?.close('the match has ended');
    this.#links.delete(agreement);
  }

  /** The guest of an agreement. @throws {JobFailure} `guest-gone` where its page was closed, or this node began anew. */
  of(agreement: string): GuestLink {
    const link = this.#links.get(agreement);
    if (link && !link.isClosed) return link;
    throw new JobFailure(
      'guest-gone',
      'the page of the guest was closed before the match had ended; nothing was given out',
    );
  }

  /** The same in the form in which a job knows its partners. A guest asks its host for nothing, and dials nobody. */
  asLinks(agreement: string): Links {
    return {
      to: async () => this.of(agreement),
      onCall: () => {},
      status: () => [],
      refresh: () => {},
      close: async () => {},
    };
  }
}
