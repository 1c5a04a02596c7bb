import type { Segment } from './frame.ts';
import { Queue } from './queue.ts';

export interface SentFrame {
  readonly sequence: number;
  readonly segments: readonly Segment[];
  /** What of the channels' budget it holds. */
  readonly costBytes: number;
  sentAtMs: number;
}

/** The numbered frames of one direction: kept until the peer acknowledges them, sent again from the first that it lacks. */
export class SentFrames {
  /** The first has sequence `#acknowledged + 1`. */
  readonly #frames = new Queue<SentFrame>();
  #acknowledged = 0;
  /** The next sequence to put on this connection. */
  #cursor = 1;
  #last = 0;

  get empty(): boolean {
    return this.#frames.length === 0;
  }

  /** Whether the peer has acknowledged anything. */
  get begun(): boolean {
    return this.#acknowledged > 0;
  }

  /** The sequence of the last frame. */
  get last(): number {
    return this.#last;
  }

  /** When the oldest unacknowledged frame went out on this connection. */
  get oldestSentAtMs(): number | undefined {
    const oldest = this.#frames.peek();
    return oldest !== undefined && this.#cursor > oldest.sequence ? oldest.sentAtMs : undefined;
  }

  push(content: { segments: readonly Segment[]; costBytes: number }): void {
    this.#last += 1;
    this.#frames.push({ ...content, sequence: this.#last, sentAtMs: 0 });
  }

  /** The next frame that this connection has not carried. */
  next(nowMs: number): SentFrame | undefined {
    const frame = this.#frames.at(this.#cursor - this.#acknowledged - 1);
    if (frame === undefined) return undefined;
    frame.sentAtMs = nowMs;
    this.#cursor += 1;
    return frame;
  }

  /**
   * Lets go of what has arrived.
   * @param sequence at most {@link SentFrames.last}.
   * @returns the budget that is free again.
   */
  acknowledge(sequence: number): number {
    let costBytes = 0;
    while (this.#acknowledged < sequence) {
      costBytes += this.#frames.shift()!.costBytes;
      this.#acknowledged += 1;
    }
    this.#cursor = Math.max(this.#cursor, this.#acknowledged + 1);
    return costBytes;
  }

  /** Everything unacknowledged goes out again. */
  rewind(): void {
    this.#cursor = this.#acknowledged + 1;
  }

  clear(): void {
    this.#frames.clear();
    this.#acknowledged = 0;
    this.#cursor = 1;
    this.#last = 0;
  }
}
