/** What members see of this organisation's datasets, and it of theirs: descriptions on the ledger, with the values of columns whose owner publishes them. */
import { createHash } from 'node:crypto';
import type { ResponseOf } from '@causeway/core/api';
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import type { DatasetDescription } from '@causeway/core/ledger';
import type { ImportReport } from '../../engine/index.ts';
import { ApiProblem, type DomainHandlers, notFound } from '../../http/index.ts';
import type { DatasetRow } from '../../store/index.ts';
import { datasetView } from '../dataset-view.ts';
import { describe, listableColumns, publicationOf, publish } from '../publications.ts';
import { type Services, timeText } from '../services.ts';

type Names = `dataset.${'previewPublication' | 'publish' | 'withdraw'}` | 'catalogue.list';
type DescriptionView = ResponseOf<'catalogue.list'>['items'][number]['description'];

export function publicationHandlers(services: Services): Pick<DomainHandlers, Names> {
  const { store, network, home, clock } = services;
  const find = async (reference: string) => {
    const row = await store.datasets.find(reference);
    if (!row) throw notFound();
    return { row, report: row.report as ImportReport };
  };
  const moved = (row: DatasetRow | undefined) => {
    if (row) return datasetView(row);
    throw new ApiProblem({
      code: 'conflict',
      detail: 'the dataset is not in a state that allows this',
      remedy: 'see its status with `causeway dataset list`',
    });
  };
  return {
    'dataset.previewPublication': async ({ params, body }, { signal }) => {
      const { row, report } = await find(params.dataset);
      const { description, partial } = await publicationOf(services, { ...row, report }, body.values, signal);
      return {
        description: descriptionView(description),
        digest: descriptionDigest(description),
        listable: listableColumns(report),
        partial,
      };
    },

    'dataset.publish': async ({ params, body }, { signal }) => {
      const { row, report } = await find(params.dataset);
      const { description } = await publicationOf(services, { ...row, report }, body.values, signal);
      if (body.seen !== undefined && body.seen !== descriptionDigest(description)) {
        throw new ApiProblem({
          code: 'conflict',
          detail: `what members would see of ${row.name} has changed since it was shown`,
          remedy: 'look at it again, then publish it',
        });
      }
      await publish(services, row, description);
      return moved(
        await store.datasets.move(row.id, {
          from: ['ready', 'withdrawn', 'published'],
          to: 'published',
          publishedAtMs: clock.wallMs(),
          description,
        }),
      );
    },

    'dataset.withdraw': async ({ params }) => {
      const { row, report } = await find(params.dataset);
      await network.ledger.append('dataset.withdrawn', { dataset: row.id });
      const description = describe(report);
      return moved(await store.datasets.move(row.id, { from: ['published'], to: 'withdrawn', description }));
    },

    'catalogue.list': async ({ query }) => {
      const state = network.ledgerIfAny?.state;
      // A node of no network: nobody has published anything to it.
      if (state === undefined) return { items: [] };
      const offered = state.datasets(query.organisation === undefined ? {} : { owner: query.organisation });
      return {
        items: offered.map(({ owner, dataset, name, description, changedAtMs }) => ({
          owner,
          ownerName: state.member(owner)?.name ?? owner,
          dataset,
          name,
          description: descriptionView(description),
          publishedAt: timeText(changedAtMs),
          self: owner === home.config.organisation,
        })),
      };
    },
  };
}

function descriptionView({ rowsAbout, ids, attributes }: DatasetDescription): DescriptionView {
  return { rowsAbout, ids, attributes };
}

function descriptionDigest(description: DatasetDescription): string {
  const bytes = canonicalBytes(description as unknown as JsonValue);
  return createHash('sha256').update(bytes).digest('hex');
}
