/** The list of refused rows as a file: every row that the node kept, with its reason in words. */
import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { toCsv } from '../../show/csv.ts';

type Notice = ResponseOf<'dataset.show'>['report']['notices'][number];
export type RefusedPage = ResponseOf<'dataset.refused'>;

const pageRows = 10_000;

/** Page after page, to the end. */
export async function allRefused(
  dataset: string,
  ask: (request: RequestOf<'dataset.refused'>) => Promise<RefusedPage>,
): Promise<RefusedPage['items']> {
  const items: RefusedPage['items'][number][] = [];
  for (let after: string | undefined; ; ) {
    const page = await ask({ dataset, limit: pageRows, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    if (page.next === undefined) return items;
    after = page.next;
  }
}

/** Of one column: the row, the code, and both languages' words. */
export function refusedCsv(items: RefusedPage['items'], column: string, notices: readonly Notice[]): string {
  const wordsOf = new Map(notices.map(({ code, words }) => [code, words]));
  return toCsv([
    ['row', 'column', 'code', 'en', 'zh'],
    ...items
      .filter((item) => item.column === column)
      .map(({ row, code }) => [row, column, code, wordsOf.get(code)?.en ?? code, wordsOf.get(code)?.zh ?? code]),
  ]);
}
