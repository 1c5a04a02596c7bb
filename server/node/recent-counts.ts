/** How often something has happened lately. */
export class RecentCounts {
  readonly #windowMs: number;
  readonly #times = new Map<string, number[]>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  of(name: string, nowMs: number): number {
    const recent = (this.#times.get(name) ?? []).filter((atMs) => atMs > nowMs - this.#windowMs);
    if (recent.length === 0) this.#times.delete(name);
    else this.#times.set(name, recent);
    return recent.length;
  }

  add(name: string, nowMs: number): void {
    this.#times.set(name, [...(this.#times.get(name) ?? []), nowMs]);
  }
}
