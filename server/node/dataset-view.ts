/** A dataset of this organisation as its own users see it. */
import type { ResponseOf } from '@causeway/core/api';
import type { DatasetRow } from '../store/index.ts';
import { timeText } from './services.ts';

type DatasetView = ResponseOf<'dataset.list'>['items'][number];

export function datasetView(row: DatasetRow): DatasetView {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    rows: row.rows,
    bytes: row.bytes,
    description: row.description as DatasetView['description'],
    createdAt: timeText(row.createdAtMs),
    createdBy: row.createdBy,
    ...(row.publishedAtMs === null ? {} : { publishedAt: timeText(row.publishedAtMs) }),
  };
}
