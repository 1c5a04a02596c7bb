/** Names as they were written: a column, or a table's column. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { listOf, openNode, type TreeNode, textOf } from './node.ts';

export interface ColumnName {
  readonly table: string | undefined;
  readonly column: string;
  readonly at: number | undefined;
}

/** @throws {QueryRefused} `not-a-column`; `unknown-column` for a path of more than two names, such as one into a structure. */
export function readColumnName(tree: ExactJson): ColumnName {
  const node = openNode(tree);
  if (node.kind !== 'COLUMN_REF') throw new QueryRefused('not-a-column', { node: node.type, at: node.at });
  return columnNameOf(node);
}

export function columnNameOf(node: TreeNode): ColumnName {
  const path = listOf(node.field('column_names')).map(textOf);
  const { at } = node;
  if (path.length === 1) return { table: undefined, column: path[0]!, at };
  if (path.length === 2) return { table: path[0]!, column: path[1]!, at };
  throw new QueryRefused('unknown-column', { node: node.type, at });
}
