/**
 * Keys of tables: an owner of a dataset publishes the public half before it answers a partner under it, so that both sides, and later an
 * outsider, know which key it was. An epoch follows the one before it; what is published is never taken back.
 */
import type { Books, OprfKeyState, Rule } from './books.ts';
import { activeMember } from './books.ts';
import { publishedDataset } from './datasets.ts';
import { LedgerError } from './error.ts';

/** What a key is for: rows of one dataset, in one form, for one partner. */
export interface OprfKeyScope {
  readonly owner: string;
  readonly dataset: string;
  readonly form: string;
  readonly partner: string;
}

export const oprfKeyPublished: Rule<'oprf-key.published'> = (books, entry, place) => {
  const { dataset, form, partner, epoch, publicKey } = entry.body;
  const scope = { owner: entry.author, dataset, form, partner };
  if (partner === entry.author)
    throw new LedgerError('not-permitted', 'a key is published for a partner, not for its owner');
  activeMember(books, partner);
  publishedDataset(books, scope);
  const known = oprfKey(books, scope);
  const next = (known?.epoch ?? 0) + 1;
  if (epoch !== next) {
    throw new LedgerError(
      'epoch-not-next',
      `${entry.author} published key ${epoch} of ${dataset} for ${partner}, where key ${next} was to come`,
    );
  }
  if (books.oprfPublicKeys.has(publicKey)) throw new LedgerError('key-in-use', 'this key was published before');
  return () => {
    books.oprfPublicKeys.add(publicKey);
    if (known) {
      Object.assign(known, { epoch, publicKey });
      known.records.push(place.index);
    } else books.oprfKeys.set(scopeKey(scope), { ...scope, epoch, publicKey, records: [place.index] });
  };
};

/** The newest key of a scope. */
export function oprfKey(books: Books, scope: OprfKeyScope): OprfKeyState | undefined {
  return books.oprfKeys.get(scopeKey(scope));
}

/** No two scopes share one: only a form may hold a slash, and it stands last. */
function scopeKey({ owner, dataset, form, partner }: OprfKeyScope): string {
  return `${owner}/${dataset}/${partner}/${form}`;
}
