import { expect, it } from 'vitest';
import { encodeBody } from '../ledger/calls.ts';
import { Decisions } from './decisions.ts';
import type { Services } from './services.ts';

type Ended = { readonly agreement: string; readonly organisation: string; readonly decision: string };

/** A node whose ledger says that these agreements were ended. @returns what it read of its store, and whom it asked. */
function opened(ended: readonly Ended[], { isExplained }: { readonly isExplained: (of: Ended) => boolean }) {
  const [reads, asked, kept]: [Ended[][], string[], object[]] = [[], [], []];
  const ledger = {
    onRecord: () => {},
    state: {
      agreements: () =>
        ended.map(({ agreement, organisation, decision }) => ({ agreement, [`${decision}By`]: organisation })),
    },
  };
  const services = {
    home: { config: { organisation: 'brand' } },
    log: { info: () => {} },
    clock: { wallMs: () => 5, after: () => () => {} },
    network: {
      members: () => [{ organisation: 'media' }, { organisation: 'agency' }],
      whenOpen: (listener: (of: typeof ledger) => void) => listener(ledger),
    },
    links: {
      onCall: () => {},
      to: async (organisation: string) => ({
        call: async () => {
          asked.push(organisation);
          return encodeBody({ reason: `said ${organisation}` });
        },
      }),
    },
    store: {
      decisions: {
        unexplained: async (of: Ended[]) => {
          reads.push(of);
          return of.filter((one) => !isExplained(one));
        },
        add: async (row: object) => void kept.push(row),
      },
    },
  };
  new Decisions(services as unknown as Services);
  return { reads, asked, kept };
}

it('a node that starts asks its store once for all agreements that partners ended, and only of those without a reason the partner', async () => {
  const agreements = Array.from({ length: 40 }, (_, i) => String(i).padStart(64, '0'));
  const ended = agreements.map((agreement, i) => ({
    agreement,
    organisation: ['media', 'agency', 'brand'][i % 3]!,
    decision: i % 2 === 0 ? 'rejected' : 'revoked',
  }));
  const byPartners = ended.filter(({ organisation }) => organisation !== 'brand');
  const [unknown, other] = [byPartners[3]!, byPartners[8]!];
  const { reads, asked, kept } = opened(ended, {
    isExplained: ({ agreement }) => ![unknown, other].some((one) => one.agreement === agreement),
  });
  await expect.poll(() => kept).toHaveLength(2);
  expect(reads).toEqual([byPartners]);
  expect(asked).toEqual([unknown.organisation, other.organisation]);
  expect(kept).toEqual(
    [unknown, other].map((one) => ({ ...one, reason: `said ${one.organisation}`, byUser: null, atMs: 5 })),
  );
});
