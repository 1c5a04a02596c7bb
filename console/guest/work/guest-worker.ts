/**
 * The thread of a guest's page that has the file: it reads it, makes keys of it, runs the match and puts the matched rows together. The page
 * itself is told figures, and the rows when they are to be saved.
 */
import { type GuestOffer, secretOfFragment } from '@causeway/core/applications/guest';
import type { Disclosure } from '@causeway/core/applications/match';
import { ApiError } from '@causeway/sdk';
import { toCsv } from '../../show/csv.ts';
import { answerTasks } from '../../threads/answer-tasks.ts';
import { type IdColumn, idColumns } from '../list/id-columns.ts';
import { type KeyList, keyList } from '../list/key-list.ts';
import { ListError } from '../list/list-error.ts';
import { readTable } from '../list/read-table.ts';
import type { ReadFile, Table } from '../list/table.ts';
import { browserRandom } from '../run/browser-random.ts';
import { KernelPool } from '../run/kernel-pool.ts';
import { type Agreed, Visit, VisitError, type VisitResult } from '../run/visit.ts';

export type Request =
  | { readonly kind: 'open'; readonly fragment: string }
  | { readonly kind: 'read'; readonly file: File; readonly sheet?: string }
  | { readonly kind: 'propose'; readonly column: number }
  | { readonly kind: 'run' }
  | { readonly kind: 'save' };

export interface ListFacts {
  readonly rows: number;
  readonly distinct: number;
  readonly refused: readonly { readonly reason: string; readonly rows: number }[];
}

/** What each request is answered with. */
export interface Answers {
  readonly open: GuestOffer;
  readonly read: Pick<ReadFile, 'sheet' | 'sheets'> & {
    readonly name: string;
    readonly rows: number;
    /** None where another sheet may have one. */
    readonly columns: readonly IdColumn[];
  };
  readonly propose: { readonly disclosure: Disclosure; readonly list: ListFacts; readonly guest: string };
  readonly run: Pick<VisitResult, 'counts' | 'evidence' | 'seconds'> & { readonly rowCount: number | undefined };
  readonly save: string;
}

/** What a person is told of a failure. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
  /** Row of the file. */
  readonly place?: number;
}

export interface Progress {
  readonly stage: 'blind' | 'exchange';
  readonly done: number;
  readonly total: number;
}

const kernel = new KernelPool(navigator.hardwareConcurrency);
let visit: Visit;
let table: Table;
let columns: readonly IdColumn[] = [];
let proposed: { readonly agreed: Agreed; readonly list: KeyList };
let result: VisitResult;

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case 'open': {
      const secret = secretOfFragment(request.fragment);
      if (secret === undefined) throw new VisitError('no-link', 'this is not the whole link');
      visit = await Visit.open(secret, { url: location.origin, kernel, random: browserRandom });
      return visit.offer;
    }
    case 'read': {
      const { file } = request;
      const { sheet, sheets, ...read } = await readTable(file, request.sheet);
      const found = idColumns(read.table, visit.offer.column.profile);
      if (found.length === 0 && sheets.length <= 1) throw new ListError('no-identifier');
      table = read.table;
      columns = found;
      return { name: file.name, rows: table.rows.length, columns, sheet, sheets };
    }
    case 'propose': {
      const column = columns[request.column]!;
      const list = keyList(table, column, { network: visit.offer.network, random: browserRandom });
      const { limits } = visit.offer;
      if (list.count < limits.minimumListRows) throw new ListError('too-few', limits.minimumListRows);
      if (list.count > limits.rowsMax) throw new ListError('too-many', limits.rowsMax);
      const agreed = await visit.propose(list, column.profile);
      proposed = { agreed, list };
      const refused = [...list.refused].map(([reason, rows]) => ({ reason, rows }));
      return {
        disclosure: agreed.disclosure,
        list: { rows: list.rowCount, distinct: list.count, refused },
        guest: agreed.guest,
      };
    }
    case 'run': {
      const { agreed, list } = proposed;
      result = await visit.run(agreed, list, (stage, rows) => noteProgress({ stage, ...rows }));
      const { counts, evidence, seconds, rows } = result;
      return { counts, evidence, seconds, rowCount: rows?.length };
    }
    case 'save':
      return toCsv([...(table.hasHeader ? [table.header] : []), ...(result.rows ?? []).map((row) => table.rows[row]!)]);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { code, detail, remedy } = error.problem;
    return { code, detail, ...(remedy === undefined ? {} : { remedy }) };
  }
  if (error instanceof ListError) {
    return { code: error.code, detail: '', ...(error.place === undefined ? {} : { place: error.place }) };
  }
  const { code, message } = error as { code?: unknown; message?: string };
  return { code: typeof code === 'string' ? code : 'console', detail: message ?? 'unknown' };
}

const noteProgress = answerTasks<Request, Failure, Progress>(answer, failureOf);
