/** What a person types for a thing, turned into the id that the API takes. */
import type { Cli } from './cli.ts';
import { CommandError } from './problem.ts';

/** An organisation by its id, or by its name where it is a member. */
export async function organisationOf(cli: Cli, text: string): Promise<string> {
  if (/^[a-z0-9-]{1,63}$/.test(text)) return text;
  const { items } = await cli.api().network.members();
  const named = items.filter((member) => member.name === text);
  if (named.length !== 1 || named[0] === undefined) throw notFound(cli, text, 'causeway network members');
  return named[0].organisation;
}

/** An agreement by its 64 digits, the first few of them (four at least), or whatever else the node knows it by. */
export async function agreementOf(cli: Cli, text: string): Promise<string> {
  if (!/^[0-9a-f]{4,63}$/.test(text)) return text;
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await cli.api().agreement.list({ limit: 1000, ...(after === undefined ? {} : { after }) });
    found.push(...page.items.map((item) => item.id).filter((id) => id.startsWith(text)));
    after = page.next;
  } while (after !== undefined);
  if (found.length > 1) {
    throw new CommandError(
      'not-found',
      cli.words.reference.ambiguous(text, found.length),
      cli.words.reference.moreDigits,
    );
  }
  // None: the node may know it by a name that happens to be hexadecimal, and else says what is wrong.
  return found[0] ?? text;
}

/** A user’s id by the id or the name. */
export async function userOf(cli: Cli, text: string): Promise<string> {
  const { items } = await cli.api().user.list();
  const user = items.find((item) => item.name === text) ?? items.find((item) => item.id === text);
  if (user === undefined) throw notFound(cli, text, 'causeway user list');
  return user.id;
}

/** A token’s id by the id or the name; a name that several tokens have is no answer. */
export async function tokenOf(cli: Cli, text: string): Promise<string> {
  const { items } = await cli.api().token.list();
  const named = items.filter((item) => item.id === text || item.name === text);
  if (named.length !== 1 || named[0] === undefined) throw notFound(cli, text, 'causeway token list');
  return named[0].id;
}

function notFound(cli: Cli, text: string, list: string): CommandError {
  return new CommandError('not-found', cli.words.reference.unknown(text), cli.words.reference.list(list));
}
