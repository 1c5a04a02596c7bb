/** FROM: named tables, joined on the person, inner or left. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import type { RefusalCode } from '../refusals/index.ts';
import { type ColumnName, readColumnName } from './name.ts';
import { listOf, openNode, requireEmpty, type TreeNode, textOf } from './node.ts';

export interface FromTable {
  readonly name: string;
  /** The name by which the text calls it. */
  readonly alias: string;
  readonly at: number | undefined;
  /** How it is joined to those before it; undefined for the first. */
  readonly join: Join | undefined;
}

export interface Join {
  readonly kind: 'inner' | 'left';
  /** `a.person = b.person`; undefined for USING. */
  readonly on: readonly [ColumnName, ColumnName] | undefined;
  /** The column of USING. */
  readonly using: string | undefined;
  readonly at: number | undefined;
}

const refusedJoins: Readonly<Record<string, RefusalCode>> = {
  CROSS: 'cross-join',
  NATURAL: 'natural-join',
  ASOF: 'asof-join',
  POSITIONAL: 'positional-join',
};

/** @returns the tables in the order of the text. */
export function readFrom(tree: ExactJson): readonly FromTable[] {
  const node = openNode(tree);
  switch (node.kind) {
    case 'BASE_TABLE':
      return [readTable(node, undefined)];
    case 'JOIN': {
      const before = readFrom(node.field('left'));
      const right = openNode(node.field('right'));
      if (right.kind !== 'BASE_TABLE') throw new QueryRefused('nested-join', { node: right.type, at: right.at });
      return [...before, readTable(right, readJoin(node))];
    }
    default:
      throw new QueryRefused('unknown-node', { node: node.type, at: node.at });
  }
}

function readTable(node: TreeNode, join: Join | undefined): FromTable {
  requireEmpty(node, 'sample', 'sample');
  requireEmpty(node, 'schema_name', 'qualified-table');
  requireEmpty(node, 'catalog_name', 'qualified-table');
  requireEmpty(node, 'column_name_alias', 'column-alias');
  requireEmpty(node, 'at_clause', 'time-travel');
  const name = textOf(node.field('table_name'));
  const alias = textOf(node.field('alias'));
  return { name, alias: alias === '' ? name : alias, at: node.at, join };
}

function readJoin(node: TreeNode): Join {
  const place = { node: node.type, at: node.at };
  requireEmpty(node, 'sample', 'sample');
  requireEmpty(node, 'alias', 'unknown-field');
  requireEmpty(node, 'delim_flipped', 'unknown-field');
  requireEmpty(node, 'duplicate_eliminated_columns', 'unknown-field');
  const style = textOf(node.field('ref_type'));
  if (style !== 'REGULAR') throw new QueryRefused(refusedJoins[style] ?? 'unknown-node', place);
  const type = textOf(node.field('join_type'));
  if (type !== 'INNER' && type !== 'LEFT') throw new QueryRefused('join-type', place);
  const kind = type === 'INNER' ? 'inner' : 'left';
  const using = listOf(node.field('using_columns')).map(textOf);
  if (using.length > 1) throw new QueryRefused('join-condition', place);
  if (using.length === 1) return { kind, using: using[0], on: undefined, at: node.at };
  return { kind, using: undefined, on: readCondition(node), at: node.at };
}

function readCondition(join: TreeNode): readonly [ColumnName, ColumnName] {
  const condition = join.field('condition');
  const node = condition === null ? undefined : openNode(condition);
  if (node?.type !== 'COMPARE_EQUAL') {
    throw new QueryRefused('join-condition', { node: node?.type ?? join.type, at: node?.at ?? join.at });
  }
  return [readColumnName(node.field('left')), readColumnName(node.field('right'))];
}
