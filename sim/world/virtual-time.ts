/**
 * Time that passes only from event to event. Between two events everything that the program can do without waiting is done: promises are
 * drained, so the same events in the same order give the same run, to the byte.
 */

interface TimedEvent {
  readonly atMs: number;
  /** Events of the same moment happen in the order in which they were asked for. */
  readonly order: number;
  action: (() => void) | undefined;
}

export type RunEnd = 'over' | 'late' | 'nothing-left';

export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  #eventCount = 0;
  readonly #heap: TimedEvent[] = [];

  /** Milliseconds since the beginning of the run. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Has `action` happen once, `delayMs` from now. @returns what cancels it. */
  after(delayMs: number, action: () => void): () => void {
    const event: TimedEvent = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action };
    this.#push(event);
    return () => {
      event.action = undefined;
    };
  }

  /**
   * Lets events happen until the run is over.
   * @param isOver asked after every event, when all promises that could settle have settled.
   * @param untilMs the moment at which a run that is not over is given up, as far as it is known by now.
   */
  async run(isOver: () => boolean, untilMs: () => number): Promise<RunEnd> {
    await drained();
    while (!isOver()) {
      const event = this.#pop();
      if (event === undefined) return 'nothing-left';
      if (event.action === undefined) continue;
      if (event.atMs > untilMs()) return 'late';
      this.#nowMs = event.atMs;
      this.#eventCount += 1;
      event.action();
      await drained();
    }
    return 'over';
  }

  #push(event: TimedEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    for (; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): TimedEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** A macrotask runs only when no promise can settle any more: nothing in a simulation waits for the machine. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
