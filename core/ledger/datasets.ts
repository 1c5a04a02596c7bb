/** The catalogue: descriptions of datasets that their owners publish, replace and withdraw. */
import { parseTime } from './bodies.ts';
import type { Books, DatasetState, Rule } from './books.ts';
import { LedgerError } from './error.ts';

/** A second publication replaces the description; after a withdrawal it publishes the dataset again. */
export const datasetPublished: Rule<'dataset.published'> = (books, entry, place) => {
  const { dataset, name, description } = entry.body;
  const known = books.datasets.get(datasetKey(entry.author, dataset));
  const changedAtMs = parseTime(entry.at);
  if (known) checkNewer(known, entry.at);
  return () => {
    const fields = { name, description, status: 'published', changedAtMs } as const;
    if (known) {
      Object.assign(known, fields);
      known.records.push(place.index);
    } else {
      const state = { owner: entry.author, dataset, ...fields, records: [place.index] };
      books.datasets.set(datasetKey(entry.author, dataset), state);
    }
  };
};

export const datasetWithdrawn: Rule<'dataset.withdrawn'> = (books, entry, place) => {
  const dataset = publishedDataset(books, { owner: entry.author, dataset: entry.body.dataset });
  checkNewer(dataset, entry.at);
  return () => {
    dataset.status = 'withdrawn';
    dataset.changedAtMs = parseTime(entry.at);
    dataset.records.push(place.index);
  };
};

/** @throws {LedgerError} `dataset-unknown`, `dataset-withdrawn`. */
export function publishedDataset(books: Books, of: { readonly owner: string; readonly dataset: string }): DatasetState {
  const found = books.datasets.get(datasetKey(of.owner, of.dataset));
  if (!found) throw new LedgerError('dataset-unknown', `${of.owner} has published no dataset ${of.dataset}`);
  if (found.status === 'withdrawn') {
    throw new LedgerError('dataset-withdrawn', `${of.owner} has withdrawn its dataset ${of.dataset}`);
  }
  return found;
}

export function datasetKey(owner: string, dataset: string): string {
  return `${owner}/${dataset}`;
}

function checkNewer(known: DatasetState, at: string): void {
  if (parseTime(at) >= known.changedAtMs) return;
  throw new LedgerError('stale-entry', `${known.owner} has published or withdrawn ${known.dataset} since ${at}`);
}
