/** Work on one thing at a time, in the order in which it was asked for; work on different things does not wait for each other. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(thing);
    const done = before ? before.then(work, work) : work();
    const settled = done.then(
      () => {},
      () => {},
    );
    this.#last.set(thing, settled);
    try {
      return await done;
    } finally {
      if (this.#last.get(thing) === settled) this.#last.delete(thing);
    }
  }
}
