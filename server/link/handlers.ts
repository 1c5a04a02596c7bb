import type { CallHandler } from './link.ts';

/** Who answers which call. */
export class Handlers {
  readonly #byMethod = new Map<string, CallHandler>();

  /** @throws {RangeError} for a second handler of one method. */
  add(method: string, handler: CallHandler): void {
    if (this.#byMethod.has(method)) throw new RangeError(`${method} has a handler already`);
    this.#byMethod.set(method, handler);
  }

  of(method: string): CallHandler | undefined {
    return this.#byMethod.get(method);
  }
}
