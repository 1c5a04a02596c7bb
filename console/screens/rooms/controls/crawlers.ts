/** A list of crawlers as a request has it, and as lines of text: of a published list all but the patterns is left at home. */

export function crawlersOf(patterns: readonly string[]): readonly { readonly pattern: string }[] {
  return patterns.map((pattern) => ({ pattern }));
}

export function patternsOf(crawlers: unknown): readonly string[] {
  return (crawlers as readonly { readonly pattern: string }[]).map(({ pattern }) => pattern);
}
