/**
 * What this node and its partners bring to a run, and what the way between them carries: measured, and told only to partners. A plan is
 * made of it; nothing depends on its being right.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Capacity, LinkSpeed } from '@causeway/core/applications/match';
import { elementBytes, type Kernel, type KernelName } from '@causeway/core/group';
import type { RandomSource } from '@causeway/core/random';
import { z } from 'zod';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../../ledger/calls.ts';
import { CallRefused, type Link, type LinkClock, type Links } from '../../link/index.ts';

const kernels = ['ifma', 'avx2', 'portable', 'wasm'] as const satisfies readonly KernelName[];

const capacityCall: CallForm<Record<string, never>, Capacity> = {
  method: 'match.capacity',
  question: z.strictObject({}),
  answer: z.strictObject({
    kernel: z.enum(kernels),
    cores: z.int().min(1).max(65_536),
    pointsPerSecond: z.number().min(1).max(1e12),
  }),
};
/** Gives back what it was given: how long that takes is what the way carries. */
const echoMethod = 'match.echo';
const echoBytes = 512 * 1024;
const echoCount = 4;

const answerWithinMs = 3_000;
const freshForMs = 10 * 60_000;
/** A partner that could not be asked is not waited for again so soon. */
const askAgainMs = 10_000;
/** A measurement of the own kernel takes about so long of a processor. */
const measureMs = 80;
const measureRowsFirst = 256;
/** For each core, before anything is measured: what a kernel does once, writing and compiling in WebAssembly, is not its speed. */
const warmRows = 1024;

export interface PartnerCapacity {
  readonly capacity: Capacity;
  readonly link: LinkSpeed;
}

export interface CapacityParts {
  readonly links: Pick<Links, 'onCall'> & { to(organisation: string, options?: { timeoutMs?: number }): Promise<Link> };
  readonly kernel: Kernel;
  readonly random: RandomSource;
  readonly clock: LinkClock;
}

export class Capacities {
  readonly #parts: CapacityParts;
  readonly #known = new Map<string, { readonly partner: Promise<PartnerCapacity | undefined>; untilMs: number }>();
  #own: Promise<Capacity> | undefined;

  constructor(parts: CapacityParts) {
    this.#parts = parts;
    parts.links.onCall(capacityCall.method, async (_peer, body) => {
      readQuestion(capacityCall, body);
      return encodeBody(await this.own());
    });
    parts.links.onCall(echoMethod, async (_peer, body) => {
      if (body.length > echoBytes)
        throw new CallRefused({ code: 'malformed-call', detail: `at most ${echoBytes} bytes are given back` });
      return body;
    });
  }

  /** This node's, measured once. */
  own(): Promise<Capacity> {
    this.#own ??= measureKernel(this.#parts.kernel, this.#parts.random);
    return this.#own;
  }

  /**
   * The partner's and the way to it; what was known before where it cannot be asked now, undefined where nothing is known. Whoever wants to know at
   * the same time waits for one answer.
   */
  of(organisation: string): Promise<PartnerCapacity | undefined> {
    const { clock } = this.#parts;
    const before = this.#known.get(organisation);
    if (before && clock.nowMs() < before.untilMs) return before.partner;
    const partner = this.#ask(organisation).catch(() => {
      // A plan can do without it.
      entry.untilMs = clock.nowMs() + askAgainMs;
      return before?.partner;
    });
    const entry = { partner, untilMs: clock.nowMs() + freshForMs };
    this.#known.set(organisation, entry);
    return partner;
  }

  async #ask(organisation: string): Promise<PartnerCapacity> {
    const { links, clock } = this.#parts;
    const link = await links.to(organisation, { timeoutMs: answerWithinMs });
    const options = { timeoutMs: answerWithinMs };
    const capacity = readAnswer(capacityCall, await link.call(capacityCall.method, encodeBody({}), options));
    const askedMs = clock.nowMs();
    await link.call(echoMethod, new Uint8Array(0), options);
    const roundTripMs = clock.nowMs() - askedMs;
    const body = new Uint8Array(randomBytes(echoBytes));
    const startedMs = clock.nowMs();
    await Promise.all(Array.from({ length: echoCount }, () => link.call(echoMethod, body, options)));
    const seconds = Math.max(1, clock.nowMs() - startedMs - roundTripMs) / 1000;
    return { capacity, link: { roundTripMs, bytesPerSecond: Math.round((echoCount * echoBytes) / seconds) } };
  }
}

/** How many points all cores together decode, multiply and encode in a second, if they do nothing else: by processor time. */
async function measureKernel(kernel: Kernel, random: RandomSource): Promise<Capacity> {
  const scalar = kernel.randomScalar(random);
  const tag = { context: new Uint8Array(32), bytes: 10 };
  const one = await kernel.blind({ keys: random.bytes(16), prefix: tag.context, dst: tag.context, scalar });
  const cores = availableParallelism();
  /** @returns milliseconds of a processor. */
  const evaluateMs = async (rows: number): Promise<number> => {
    const points = new Uint8Array(rows * elementBytes);
    for (let i = 0; i < rows; i++) points.set(one, i * elementBytes);
    const before = process.cpuUsage();
    await kernel.evaluate({ points, scalar, tag });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  await evaluateMs(warmRows * cores);
  for (let rows = measureRowsFirst; ; rows *= 4) {
    const tookMs = await evaluateMs(rows);
    if (tookMs >= measureMs)
      return { kernel: kernel.name, cores, pointsPerSecond: Math.round((rows * cores * 1000) / tookMs) };
  }
}
