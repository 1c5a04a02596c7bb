import { resolve } from 'node:path';
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { publishedColumns } from '@causeway/core/applications/activate';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import { activatedColumns, destinations, fieldName, formatProfile, parseProfile } from '@causeway/core/identifiers';
import type { ExportInput, ImportReport } from '../../engine/index.ts';
import { ApiProblem, allowedPath, type DomainHandlers, notFound } from '../../http/index.ts';
import type { AudienceRow } from '../../store/index.ts';
import { besidePath } from '../audience-files.ts';
import { lineageOf, optOutsFor, requireInForce, rowsPath } from '../export-rules.ts';
import type { ExportOwner, Exports } from '../exports.ts';
import type { LocalOperations } from '../local-operations.ts';
import { type Services, timeText } from '../services.ts';

type Names = `audience.${'destinations' | 'list' | 'show' | 'export' | 'download'}`;

export function audienceHandlers(
  services: Services,
  { operations, exports }: { readonly operations: LocalOperations; readonly exports: Exports },
): Pick<DomainHandlers, Names> {
  const { store, engine, home } = services;
  const find = async (reference: string) => {
    const row = await store.audiences.find(reference);
    if (!row) throw notFound();
    return row;
  };
  const view = (row: AudienceRow) => audienceView(row, services);
  /** What the rows of an audience are of. @throws {ApiProblem} `conflict` once either is gone. */
  const requireDataset = async (row: AudienceRow) => {
    const dataset = await store.datasets.find(row.dataset);
    if (dataset && row.status === 'ready') return dataset;
    throw new ApiProblem({
      code: 'conflict',
      detail: `the audience ${row.name} has been withdrawn, or its dataset is gone`,
    });
  };
  /** Writes a file where somebody wants it, or keeps it for its owner. */
  const put = async <Written>(
    to: string | undefined,
    owner: ExportOwner,
    write: (path: string) => Promise<Written>,
  ) => {
    if (to !== undefined) return { written: await write(to), place: { path: to } };
    const { written, export: id, expiresAtMs } = await exports.keep(owner, write);
    return { written, place: { download: { export: id, expiresAt: timeText(expiresAtMs) } } };
  };
  return {
    'audience.destinations': async () => ({
      items: destinations.map(({ id, name, layout, fields, source, caution }) => ({
        id,
        name,
        layout,
        kinds: fields.map(fieldName),
        source,
        ...(caution === undefined ? {} : { caution }),
      })),
    }),
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
      const dataset = await requireDataset(row);
      const terms = await requireInForce(row, services);
      const { datasetFolders, optOutDatasets, minimumGroupRows } = await services.settings();
      const to = body.to === undefined ? undefined : await allowedPath(body.to, 'write', datasetFolders);
      const report = dataset.report as ImportReport;
      const chosen = {
        parquet: rowsPath(dataset, home.folder),
        sha256: report.parquet.sha256,
        rows: resolve(home.folder, row.filePath),
        optOuts: await optOutsFor(dataset, [...optOutDatasets, ...body.without], services),
        minimumRows: minimumGroupRows,
      };
      const target = targetOf(report, body);
      const start = { kind: 'audience.export', target: row.name, user: user.name } as const;
      const owner = { audience: row.id, user: user.name, fileName: fileNameOf(row, target?.destination) };
      if (target) {
        const { destination, columns } = target;
        return operations.start(start, async (work) => {
          const activated = { ...chosen, layout: destination.layout, columns };
          const { written, place } = await put(to, owner, (path) => engine.activate({ ...activated, to: path }, work));
          return {
            kind: 'activation' as const,
            ...place,
            destination: destination.id,
            rows: written.rowCount,
            bytes: written.bytes,
            optedOut: written.optedOutCount,
            withoutId: written.withoutIdCount,
          };
        });
      }
      const columns = columnsOf(report, body.columns);
      const more = columnsBeside(terms);
      const beside = more && { parquet: resolve(home.folder, besidePath(row.filePath)), columns: more };
      return operations.start(start, async (work) => {
        const rows = { ...chosen, columns, ...(beside ? { beside } : {}) };
        const { written, place } = await put(to, owner, (path) => engine.exportRows({ ...rows, to: path }, work));
        return {
          kind: 'export' as const,
          ...place,
          rows: written.rowCount,
          bytes: written.bytes,
          escapedCells: written.escapedCellCount,
          optedOut: written.optedOutCount,
        };
      });
    },
    'audience.download': async ({ params }, { user }) => {
      const row = await find(params.audience);
      await requireDataset(row);
      await requireInForce(row, services);
      return exports.fetch(params.export, { audience: row.id, user: user.name });
    },
  };
}

/** The name under which a browser saves an export. */
function fileNameOf({ name }: AudienceRow, destination?: { readonly id: string; readonly layout: string }): string {
  if (destination === undefined) return `${name}.csv`;
  return `${name} ${destination.id}.${destination.layout === 'list' ? 'txt' : 'csv'}`;
}

/** An audience with where it came from. */
export async function audienceView(row: AudienceRow, services: Services): Promise<ResponseOf<'audience.show'>> {
  const { agreement, expiresAt, end } = await lineageOf(row, services);
  return {
    id: row.id,
    name: row.name,
    job: row.job,
    agreement,
    expiresAt,
    dataset: row.dataset,
    datasetName: (await services.store.datasets.find(row.dataset))?.name ?? row.dataset,
    rows: row.rows,
    digest: row.digest,
    status: end?.how === 'revoked' ? 'withdrawn' : row.status,
    createdAt: timeText(row.createdAtMs),
  };
}

/** What an agreement has put beside the rows of an audience: a partner's columns with its name before each, or the publisher's ids and labels. */
function columnsBeside(terms: AgreementTerms): NonNullable<ExportInput['beside']>['columns'] | undefined {
  switch (terms.operation) {
    case 'deliver':
      return terms.columns.map((column) => ({
        name: `${terms[terms.provider].organisation}.${column}`,
        isText: true,
      }));
    case 'activate':
      return publishedColumns(terms).map((name) => ({ name, isText: false }));
    case 'match':
    case 'insight':
    case 'room':
      return undefined;
  }
}

/** The destination that was asked for, and what it gets. @throws {ApiProblem} where it can take nothing of this dataset. */
function targetOf(report: ImportReport, body: Pick<RequestOf<'audience.export'>, 'columns' | 'destination' | 'kind'>) {
  const { destination: id, kind, columns: wanted } = body;
  const refused = (detail: string, pointer: string, remedy?: string) =>
    new ApiProblem({ code: 'invalid-request', detail, pointer, ...(remedy === undefined ? {} : { remedy }) });
  if (id === undefined) {
    if (kind === undefined) return undefined;
    throw refused('a kind of identifier is named, and no destination', '/kind', 'name the destination as well');
  }
  if (wanted) throw refused('a destination takes its own columns', '/columns', 'leave out the columns');
  const destination = destinations.find((known) => known.id === id);
  if (!destination) {
    throw refused(
      `there is no destination ${JSON.stringify(id)}`,
      '/destination',
      `choose among ${destinations.map((known) => known.id).join(', ')}`,
    );
  }
  const ids = report.ids.map(({ storedAs, profile }) => ({ column: storedAs, profile: parseProfile(profile) }));
  const columns = activatedColumns(destination, ids, kind).map(({ column, profile, field }) => ({
    column,
    profile: formatProfile(profile),
    field,
  }));
  if (columns.length > 0) return { destination, columns };
  throw refused(
    `${destination.name.en} cannot take ${kind ?? 'any identifier'} of this dataset, which has ${report.ids.map(({ profile }) => profile).join(', ')}`,
    kind === undefined ? '/destination' : '/kind',
    `it takes ${destination.fields.map(fieldName).join(', ')}`,
  );
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
