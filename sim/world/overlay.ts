/** An object with some of its members replaced; the others, private ones included, stay those of the original. */
export function overlay<T extends object>(original: T, replaced: Partial<T>): T {
  return new Proxy(original, {
    get(_, name) {
      if (name in replaced) return replaced[name as keyof T];
      const value = original[name as keyof T];
      return typeof value === 'function' ? value.bind(original) : value;
    },
  });
}
