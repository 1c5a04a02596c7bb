/** What a process holds, until it is killed: from then on no call of it returns, nor does anything that was under way. */
export interface Mortal {
  /** The same thing, in the hands of the process; what its methods return is in its hands too. */
  bind<T extends object>(thing: T): T;
  die(): void;
}

export function mortal(): Mortal {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const held = <T>(value: T): T => {
    if (value instanceof Promise) {
      const inHand = value.then(
        (settled: unknown) => (isDead ? never : held(settled)),
        (error: unknown) => (isDead ? never : Promise.reject(error)),
      );
      inHand.catch(() => {});
      return inHand as T;
    }
    const isThing = typeof value === 'object' && value !== null && isOwn(value);
    return isThing ? bind(value) : value;
  };
  const bind = <T extends object>(thing: T): T =>
    new Proxy(thing, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => (isDead ? never : held(Reflect.apply(member, target, given)));
      },
    });
  return {
    bind,
    die: () => {
      isDead = true;
    },
  };
}

/** Whether it is a thing with methods, a link or a file, and no data. */
function isOwn(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null && !ArrayBuffer.isView(value) && !Array.isArray(value);
}
