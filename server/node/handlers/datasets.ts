import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { line, type ResponseOf } from '@causeway/core/api';
import { changeReasons, refusalReasons } from '@causeway/core/identifiers';
import type { DatasetDescription } from '@causeway/core/ledger';
import { type FileReport, type ImportReport, readRefused, refusedPath, type Tally } from '../../engine/index.ts';
import { ApiProblem, allowedPath, type DomainHandlers, notFound } from '../../http/index.ts';
import type { DatasetRow } from '../../store/index.ts';
import { activationFilesOf } from '../activation-files.ts';
import { audienceFiles } from '../audience-files.ts';
import type { Backups } from '../backups.ts';
import { datasetView } from '../dataset-view.ts';
import type { LocalOperations } from '../local-operations.ts';
import type { OprfTables, ServedView } from '../oprf-tables.ts';
import { partnerForms } from '../partner-forms.ts';
import { describe, listedColumns, type PublicationAnew, publicationAnew, publish } from '../publications.ts';
import { type Services, timeText } from '../services.ts';
import type { Uploads } from '../uploads.ts';

type Names = `dataset.${'inspect' | 'add' | 'update' | 'list' | 'show' | 'refused' | 'values' | 'prepare' | 'remove'}`;
type Notice = ResponseOf<'dataset.inspect'>['notices'][number];
type TableView = ResponseOf<'dataset.show'>['tables'][number];

/** Values that a person chooses among; as the segments of an agreement have them. */
const groupedValuesMax = 100;
const segmentValue = line(200);

export function datasetHandlers(
  services: Services,
  operations: LocalOperations,
  { tables, backups, uploads }: { readonly tables: OprfTables; readonly backups: Backups; readonly uploads: Uploads },
): Pick<DomainHandlers, Names> {
  const { store, engine, network, home, clock } = services;
  const find = async (reference: string) => {
    const row = await store.datasets.find(reference);
    if (!row) throw notFound();
    return row;
  };
  /** A file of the folders that are allowed, or one that was uploaded. */
  const readable = async (path: string) => {
    const { datasetFolders } = await services.settings();
    return allowedPath(path, 'read', datasetFolders.length === 0 ? [] : [...datasetFolders, uploads.folder]);
  };
  /** Folders and files of rows stand relative to the home. */
  const erase = async (paths: readonly string[]) => {
    await Promise.all(paths.map((path) => rm(resolve(home.folder, path), { recursive: true, force: true })));
  };
  /**
   * The new rows take the place of those before, and what was made of these is withdrawn: all of it, or nothing.
   * @returns paths that nothing names any more.
   */
  const replaceRows = async (
    row: DatasetRow,
    by: { path: string; folder: string; report: ImportReport; description: DatasetDescription },
  ) => {
    const { path, folder, report, description } = by;
    const withdrawn = await store.transaction(async (tx) => {
      await tx.datasets.replace(row.id, {
        rows: report.rowCount,
        bytes: report.parquet.bytes,
        description,
        report,
        source: { path },
        folder,
      });
      return tx.audiences.withdrawOf(row.id);
    });
    return [row.folder, ...withdrawn.flatMap(audienceFiles), ...(await activationFilesOf(home.folder, row.id))];
  };
  return {
    'dataset.inspect': async ({ body }, { signal }) => {
      const path = await readable(body.path);
      return fileView(await engine.inspect({ path }, { signal }));
    },

    'dataset.add': async ({ body }, { user }) => {
      const path = await readable(body.path);
      if (await store.datasets.find(body.name)) {
        throw new ApiProblem({
          code: 'conflict',
          detail: `there is a dataset ${body.name} already`,
          remedy: 'choose another name, or remove that one first',
        });
      }
      const id = `ds-${randomBytes(8).toString('hex')}`;
      // As it is kept: relative to the home, which may be restored to another place.
      const kept = `datasets/${id}`;
      const folder = resolve(home.folder, kept);
      return operations.start({ kind: 'dataset.add', target: body.name, user: user.name }, async (work) => {
        try {
          const report = await engine.importDataset({ path, ids: body.ids, attributes: body.attributes, folder }, work);
          const row = await store.datasets.create({
            id,
            name: body.name,
            rows: report.rowCount,
            bytes: report.parquet.bytes,
            description: describe(report),
            report,
            source: { path },
            folder: kept,
            atMs: clock.wallMs(),
            by: user.name,
          });
          await uploads.taken(path);
          return { kind: 'dataset' as const, dataset: row.id, name: row.name, report: importView(report) };
        } catch (error) {
          await rm(folder, { recursive: true, force: true });
          throw error;
        }
      });
    },

    'dataset.update': async ({ params, body }, { user }) => {
      const row = await find(params.dataset);
      const path = await readable(body.path);
      const before = row.report as ImportReport;
      const ids = before.ids.map(({ column, profile }) => ({ column, profile }));
      const attributes = before.attributes.map(({ column, grade }) => ({ column, grade }));
      const kept = `datasets/${row.id}-${randomBytes(4).toString('hex')}`;
      const folder = resolve(home.folder, kept);
      return operations.start({ kind: 'dataset.update', target: row.name, user: user.name }, async (work) => {
        let report: ImportReport;
        let anew: PublicationAnew;
        let current: DatasetRow;
        let gone: readonly string[];
        try {
          report = await engine.importDataset({ path, ids, attributes, folder }, work);
          // A long import: what is published of the dataset may be something else by now.
          current = await find(row.id);
          const listed = current.status === 'published' ? listedColumns(current.description as DatasetDescription) : [];
          anew = await publicationAnew(services, { report, folder: kept }, listed, work.signal);
          backups.requireNone();
          gone = await replaceRows(current, { path, folder: kept, report, description: anew.description });
        } catch (error) {
          await rm(folder, { recursive: true, force: true });
          throw error;
        }
        await erase(gone);
        await uploads.taken(path);
        if (current.status === 'published') await publish(services, current, anew.description);
        const notices = anew.refused === undefined ? [] : [{ code: 'values-not-published', words: anew.refused }];
        return { kind: 'dataset' as const, dataset: row.id, name: row.name, report: importView(report, notices) };
      });
    },

    'dataset.list': async () => ({ items: (await store.datasets.all()).map(datasetView) }),

    'dataset.show': async ({ params }) => {
      const row = await find(params.dataset);
      return {
        ...datasetView(row),
        report: importView(row.report as ImportReport),
        file: (row.source as { path: string }).path,
        tables: (await tables.ofDataset(row)).map(tableView),
      };
    },

    'dataset.refused': async ({ params, query }) => {
      const row = await find(params.dataset);
      const { ids } = row.report as ImportReport;
      // A dataset of an earlier release has no list.
      const text = await readFile(refusedPath(resolve(home.folder, row.folder)), 'utf8').catch(() => '');
      const from = Number(query.after ?? 0);
      if (!Number.isSafeInteger(from))
        throw new ApiProblem({ code: 'invalid-request', detail: 'after is no page of this list' });
      const all = readRefused(text);
      const items = all
        .slice(from, from + query.limit)
        .map(({ row: number, id, reason }) => ({ row: number, column: ids[id]?.column ?? '', code: reason }));
      const next = from + items.length;
      return { items, ...(next < all.length ? { next: String(next) } : {}) };
    },

    'dataset.values': async ({ params, query }, { signal }) => {
      const row = await find(params.dataset);
      const { attributes } = row.report as ImportReport;
      const { column } = query;
      const grade = attributes.find((attribute) => attribute.column === column)?.grade;
      if (grade !== 'public' && grade !== 'internal') {
        throw new ApiProblem({
          code: 'conflict',
          detail:
            grade === undefined
              ? `${row.name} has no attribute of that name`
              : `the column is ${grade}, and nothing is grouped by it`,
          remedy: `choose a public or an internal column: causeway dataset show ${row.name}`,
        });
      }
      const { minimumGroupRows: minimumRows } = await services.settings();
      const parquet = resolve(home.folder, row.folder, 'rows.parquet');
      const asked = { parquet, column, minimumRows, valuesMax: groupedValuesMax };
      const found = await engine.columnValues(asked, { signal });
      // What no agreement could name is not offered.
      const items = found.values.filter(({ value }) => segmentValue.safeParse(value).success);
      return { items, whole: found.isWhole && items.length === found.values.length };
    },

    'dataset.prepare': async ({ params, body }, { user }) => {
      const row = await find(params.dataset);
      const { ledger } = network;
      if (ledger.state.dataset(home.config.organisation, row.id)?.status !== 'published') {
        throw new ApiProblem({
          code: 'conflict',
          detail: `${row.name} is not published, so no key can be published for it`,
          remedy: `publish it first: causeway dataset publish ${row.name}`,
        });
      }
      const theirs = ledger.state
        .datasets({ owner: body.with })
        .filter(({ dataset, name }) => body.theirs === undefined || dataset === body.theirs || name === body.theirs);
      const { ids } = row.description as DatasetDescription;
      const forms = partnerForms({ ids, keys: body.keys }, { organisation: body.with, datasets: theirs });
      const preparation = { dataset: row, partner: body.with, newKey: body.newKey, ...forms };
      return operations.start({ kind: 'dataset.prepare', target: row.name, user: user.name }, async (work) => {
        const prepared = await tables.prepare(preparation, work);
        return { kind: 'tables' as const, dataset: row.id, name: row.name, tables: prepared.map(tableView) };
      });
    },

    'dataset.remove': async ({ params }) => {
      const row = await find(params.dataset);
      if (row.status === 'published') {
        throw new ApiProblem({
          code: 'conflict',
          detail: `${row.name} is published`,
          remedy: `withdraw it first: causeway dataset withdraw ${row.name}`,
        });
      }
      backups.requireNone();
      const audiences = await store.transaction(async (tx) => {
        const removed = await tx.audiences.removeOf(row.id);
        await tx.datasets.remove(row.id);
        return removed;
      });
      await tables.remove(row.id);
      const activations = await activationFilesOf(home.folder, row.id);
      await erase([row.folder, ...audiences.flatMap(audienceFiles), ...activations]);
      return {};
    },
  };
}

function tableView({ partner, form, table, bytes, preparedAtMs, isCurrent, spent }: ServedView): TableView {
  const { epoch, version, rows, evaluationBits } = table;
  return {
    partner,
    form,
    epoch,
    version,
    rows,
    bytes,
    preparedAt: timeText(preparedAtMs),
    current: isCurrent,
    evaluations: { made: spent, max: 2 ** evaluationBits },
  };
}

function importView(report: ImportReport, more: readonly Notice[] = []): ResponseOf<'dataset.show'>['report'] {
  const notices = (
    tallies: Readonly<Partial<Record<string, Tally>>>,
    sentences: Readonly<Record<string, { en: string; zh: string }>>,
  ): Notice[] =>
    Object.entries(tallies).flatMap(([code, tally]) =>
      tally
        ? [
            {
              code,
              words: sentences[code] ?? { en: code, zh: code },
              rows: tally.count,
              firstRows: [...tally.firstRows],
            },
          ]
        : [],
    );
  return {
    rows: report.rowCount,
    ids: report.ids.map((id) => ({
      column: id.column,
      profile: id.profile,
      accepted: id.accepted,
      distinct: id.distinct,
      ...(id.density === undefined ? {} : { density: id.density }),
      empty: id.refused.empty?.count ?? 0,
      changed: notices(id.changed, changeReasons),
      refused: notices(withoutEmpty(id.refused), refusalReasons),
    })),
    notices: [...more],
  };
}

function withoutEmpty(refused: Readonly<Partial<Record<string, Tally>>>): Readonly<Partial<Record<string, Tally>>> {
  const { empty: _, ...rest } = refused;
  return rest;
}

function fileView(report: FileReport): ResponseOf<'dataset.inspect'> {
  const { layout } = report;
  const notice = (words: { readonly en: string; readonly zh: string }): Notice => ({ code: 'note', words });
  const text = layout.format === 'delimited' || layout.format === 'jsonl' ? layout : undefined;
  return {
    path: report.path,
    bytes: report.identity.bytes,
    container: text?.wrapping.kind ?? 'none',
    format: layout.format,
    ...(text ? { encoding: text.encoding.encoding } : {}),
    ...(layout.format === 'delimited'
      ? {
          delimiter: layout.dialect.delimiter === 'none' ? 'none' : String.fromCharCode(layout.dialect.delimiter),
          header: layout.headerRecord >= 0,
        }
      : {}),
    rowsAbout: report.rows.count,
    columns: report.columns.map((column) => ({
      name: column.name,
      form: column.samples.join(', '),
      ...(column.identifier.profile === null ? {} : { profile: column.identifier.profile }),
      grade: column.grade,
      notices: column.warnings.map(notice),
    })),
    firstRows: report.firstRows.map((row) => [...row]),
    notices: report.warnings.map(notice),
  };
}
