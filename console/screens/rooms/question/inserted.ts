/** A name put where somebody is writing, with a space before and after where there is none. */
export function inserted(
  text: string,
  name: string,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly text: string; readonly at: number } {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const open = before === '' || /[\s(,.=<>]$/.test(before) ? '' : ' ';
  const close = after === '' || /^[\s),.;=<>]/.test(after) ? '' : ' ';
  const put = `${open}${name}${close}`;
  return { text: `${before}${put}${after}`, at: from + put.length };
}

const plain = /^[a-z_][a-z0-9_]*$/;
/** Words that stand for themselves in SQL, among the names that people give tables and columns. */
const reserved = new Set([
  ...['all', 'and', 'any', 'as', 'asc', 'case', 'cast', 'column', 'default', 'desc', 'distinct', 'do', 'else', 'end'],
  ...['false', 'for', 'from', 'grant', 'group', 'having', 'in', 'into', 'limit', 'not', 'null', 'offset', 'on', 'only'],
  ...['or', 'order', 'primary', 'references', 'select', 'some', 'table', 'then', 'to', 'true', 'union', 'unique'],
  ...['user', 'using', 'when', 'where', 'window', 'with'],
]);

/** A name as SQL takes it: quoted where it would be read otherwise. */
export function named(name: string): string {
  return plain.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
