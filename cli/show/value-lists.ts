/** The values of columns that owners publish, one line a column. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { facts } from './table.ts';
import { visible } from './text.ts';

type Attribute = ResponseOf<'catalogue.list'>['items'][number]['description']['attributes'][number];

export function valueListLines(cli: Cli, attributes: readonly Attribute[]): string[] {
  return facts(
    attributes.map(
      ({ column, values }) => [cli.words.catalogue.valuesOf(visible(column)), values?.join(', ')] as const,
    ),
  );
}
