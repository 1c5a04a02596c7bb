/** A sentence of a statement as a person reads it: with the names that people have in place of the ids that are signed. */
export function namedWords(sentence: string, names: ReadonlyMap<string, string>): string {
  let named = sentence;
  // An id is letters, digits and hyphens (core/ledger/bodies.ts): one inside of another is none.
  for (const [id, name] of names)
    named = named.replaceAll(new RegExp(`(?<![a-z0-9-])${id}(?![a-z0-9-])`, 'g'), () => name);
  return named;
}
