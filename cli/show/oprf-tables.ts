/** The tables that are served of a dataset, one line each. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { table } from './table.ts';
import { bytes, number, percent, time } from './values.ts';

type Table = ResponseOf<'dataset.show'>['tables'][number];

export function tableLines(cli: Cli, tables: readonly Table[]): string[] {
  const labels = cli.words.table;
  return table(
    [
      { title: labels.partner },
      { title: labels.form },
      { title: labels.key, right: true },
      { title: labels.rows, right: true },
      { title: labels.size, right: true },
      { title: labels.used, right: true },
      { title: labels.state },
      { title: labels.prepared },
    ],
    tables.map((one) => [
      one.partner,
      one.form,
      `${one.epoch}.${one.version}`,
      number(one.rows),
      bytes(one.bytes),
      percent(one.evaluations.made / one.evaluations.max),
      one.current ? labels.current : labels.old,
      time(one.preparedAt),
    ]),
  );
}
