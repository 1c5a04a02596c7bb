import { BatchKernel } from '@causeway/core/group';
import { systemRandom } from '@causeway/native';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CallHandler, type Link, type LinkClock, LinkError } from '../../link/index.ts';
import { Capacities } from './capacities.ts';

/** Of this node and of its partner, which answers as this one does. */
const handlers = new Map<string, CallHandler>();
let nowMs = 0;
let isReachable = true;
let asked = 0;
const clock: LinkClock = { nowMs: () => nowMs, wallMs: () => nowMs, after: () => () => {} };
const link = {
  call: (method: string, body: Uint8Array) => handlers.get(method)!('media', body, new AbortController().signal),
} as unknown as Link;
const links = {
  onCall: (method: string, handler: CallHandler) => void handlers.set(method, handler),
  to: async () => {
    asked++;
    if (!isReachable) throw new LinkError('timeout', 'media is away');
    return link;
  },
};

let capacities: Capacities;
beforeEach(() => {
  [nowMs, isReachable, asked] = [0, true, 0];
  capacities = new Capacities({ links, kernel: new BatchKernel(), random: systemRandom, clock });
});

describe('what a partner can do', () => {
  it('is asked once, however many want to know, and anew when it is old', async () => {
    const [first, second] = await Promise.all([capacities.of('media'), capacities.of('media')]);
    expect(first!.capacity).toEqual(await capacities.own());
    expect(second).toBe(first);
    expect(asked).toBe(1);
    nowMs += 9 * 60_000;
    expect(await capacities.of('media')).toBe(first);
    nowMs += 2 * 60_000;
    expect(await capacities.of('media')).not.toBe(first);
    expect(asked).toBe(2);
  });

  it('is not waited for again at once where it cannot be asked; what was known before stands in for it', async () => {
    isReachable = false;
    expect(await capacities.of('media')).toBeUndefined();
    expect(await capacities.of('media')).toBeUndefined();
    expect(asked).toBe(1);
    isReachable = true;
    nowMs += 11_000;
    const known = await capacities.of('media');
    expect(known).toBeDefined();
    isReachable = false;
    nowMs += 11 * 60_000;
    expect(await capacities.of('media')).toBe(known);
    expect(asked).toBe(3);
  });
});
