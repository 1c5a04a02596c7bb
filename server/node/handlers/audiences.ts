import { resolve } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import type { ImportReport } from '../../engine/index.ts';
import { ApiProblem, allowedPath, type DomainHandlers, notFound } from '../../http/index.ts';
import type { AudienceRow } from '../../store/index.ts';
import type { LocalOperations } from '../local-operations.ts';
import { type Services, timeText } from '../services.ts';

type Names = `audience.${'list' | 'show' | 'export'}`;

export function audienceHandlers(services: Services, operations: LocalOperations): Pick<DomainHandlers, Names> {
  const { store, engine, home } = services;
  const find = async (reference: string) => {
    const row = await store.audiences.find(reference);
    if (!row) throw notFound();
    return row;
  };
  const view = async (row: AudienceRow): Promise<ResponseOf<'audience.show'>> => ({
    id: row.id,
    name: row.name,
    job: row.job,
    dataset: row.dataset,
    datasetName: (await store.datasets.find(row.dataset))?.name ?? row.dataset,
    rows: row.rows,
    digest: row.digest,
    status: row.status,
    createdAt: timeText(row.createdAtMs),
  });
  return {
    'audience.list': async ({ query }) => {
      const dataset = query.dataset === undefined ? undefined : (await store.datasets.find(query.dataset))?.id;
      if (query.dataset !== undefined && dataset === undefined) return { items: [] };
      const page = await store.audiences.list({ after: query.after, limit: query.limit, dataset });
      return {
        items: await Promise.all(page.items.map(view)),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
    'audience.show': async ({ params }) => view(await find(params.audience)),
    'audience.export': async ({ params, body }, { user }) => {
      const row = await find(params.audience);
      const dataset = await store.datasets.find(row.dataset);
      if (!dataset || row.status !== 'ready') {
        throw new ApiProblem({
          code: 'conflict',
          detail: `the audience ${row.name} has been withdrawn, or its dataset is gone`,
        });
      }
      const { datasetFolders } = await services.settings();
      const to = await allowedPath(body.to, 'write', datasetFolders);
      const report = dataset.report as ImportReport;
      const columns = columnsOf(report, body.columns);
      return operations.start({ kind: 'audience.export', target: row.name, user: user.name }, async (work) => {
        const written = await engine.exportRows(
          {
            parquet: resolve(home.folder, dataset.folder, 'rows.parquet'),
            sha256: report.parquet.sha256,
            rows: resolve(home.folder, row.filePath),
            columns,
            to,
          },
          work,
        );
        return {
          kind: 'export' as const,
          path: to,
          rows: written.rowCount,
          bytes: written.bytes,
          escapedCells: written.escapedCellCount,
        };
      });
    },
  };
}

/** The columns that were asked for by the names that the file had; all of them, if none were. @throws {ApiProblem} */
function columnsOf(report: ImportReport, wanted: readonly string[] | undefined): string[] {
  const stored = new Map([...report.ids, ...report.attributes].map(({ column, storedAs }) => [column, storedAs]));
  return (wanted ?? [...stored.keys()]).map((column) => {
    const name = stored.get(column);
    if (name !== undefined) return name;
    throw new ApiProblem({
      code: 'invalid-request',
      detail: `the dataset has no column ${JSON.stringify(column)}`,
      remedy: `choose among ${[...stored.keys()].join(', ')}`,
      pointer: '/columns',
    });
  });
}
