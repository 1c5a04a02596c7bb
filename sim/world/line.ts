import type { Luck } from './luck.ts';

/** How the connections of a run treat frames. */
export interface LineFaults {
  /** `stream`: in order and complete until it is cut, as TLS gives it. `datagrams`: lossy and out of order. */
  readonly kind: 'stream' | 'datagrams';
  readonly delayMs: { readonly min: number; readonly max: number };
  readonly dropShare: number;
  readonly repeatShare: number;
  /** The chance per frame that the connection is cut while the frame is on its way. */
  readonly cutShare: number;
}

/** Decides the fate of each frame. */
export class Line {
  readonly #faults: LineFaults;
  readonly #luck: Luck;
  readonly #nowMs: () => number;
  readonly #cut: (way: Way) => void;
  readonly #lastArrivalMs = new Map<string, number>();
  #healed = false;
  frameCount = 0;

  constructor(
    faults: LineFaults,
    host: { readonly luck: Luck; readonly nowMs: () => number; readonly cut: (way: Way) => void },
  ) {
    this.#faults = faults;
    this.#luck = host.luck;
    this.#nowMs = host.nowMs;
    this.#cut = host.cut;
  }

  /** From now on frames are delayed and nothing else. */
  heal(): void {
    this.#healed = true;
  }

  /** @returns when each copy of a frame arrives, in milliseconds from now. */
  transit(way: Way): readonly number[] {
    this.frameCount += 1;
    const { kind, dropShare, repeatShare, cutShare } = this.#faults;
    const faulty = !this.#healed;
    if (faulty && cutShare > 0 && this.#luck.chance(cutShare)) {
      this.#cut(way);
      return [];
    }
    if (kind === 'stream') return [this.#inOrder(way, this.#delayMs())];
    if (faulty && this.#luck.chance(dropShare)) return [];
    const first = this.#delayMs();
    return faulty && this.#luck.chance(repeatShare) ? [first, this.#delayMs()] : [first];
  }

  #delayMs(): number {
    const { min, max } = this.#faults.delayMs;
    return min + this.#luck.share() * (max - min);
  }

  #inOrder({ from, to }: Way, delayMs: number): number {
    const direction = `${from} ${to}`;
    const atMs = Math.max(this.#nowMs() + delayMs, this.#lastArrivalMs.get(direction) ?? 0);
    this.#lastArrivalMs.set(direction, atMs);
    return atMs - this.#nowMs();
  }
}

interface Way {
  readonly from: string;
  readonly to: string;
}
