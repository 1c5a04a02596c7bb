/**
 * DuckDB's parse tree, opened node by node. A node is of a kind that is listed here, with exactly the fields that are listed for it, or it is
 * refused: what a later version of DuckDB adds does not pass unseen.
 */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import type { RefusalCode } from '../refusals/index.ts';

export interface TreeNode {
  /** Of an expression its class, of anything else its type. */
  readonly kind: NodeKind;
  readonly type: string;
  /** Where it stands in the text, in bytes; undefined for what the parser made up. */
  readonly at: number | undefined;
  field(name: string): ExactJson;
}

const expression = ['class', 'type', 'alias', 'query_location'] as const;
const tableReference = ['type', 'alias', 'sample', 'query_location'] as const;

const kinds = {
  SELECT_NODE: [
    'type',
    'modifiers',
    'cte_map',
    'select_list',
    'from_table',
    'where_clause',
    'group_expressions',
    'group_sets',
    'aggregate_handling',
    'having',
    'sample',
    'qualify',
  ],
  ORDER_MODIFIER: ['type', 'orders'],
  LIMIT_MODIFIER: ['type', 'limit', 'offset'],
  BASE_TABLE: [...tableReference, 'schema_name', 'table_name', 'column_name_alias', 'catalog_name', 'at_clause'],
  JOIN: [
    ...tableReference,
    'left',
    'right',
    'condition',
    'join_type',
    'ref_type',
    'using_columns',
    'delim_flipped',
    'duplicate_eliminated_columns',
  ],
  COLUMN_REF: [...expression, 'column_names'],
  CONSTANT: [...expression, 'value'],
  CAST: [...expression, 'child', 'cast_type', 'try_cast'],
  COMPARISON: [...expression, 'left', 'right'],
  BETWEEN: [...expression, 'input', 'lower', 'upper'],
  CONJUNCTION: [...expression, 'children'],
  OPERATOR: [...expression, 'children'],
  CASE: [...expression, 'case_checks', 'else_expr'],
  FUNCTION: [
    ...expression,
    'function_name',
    'schema',
    'children',
    'filter',
    'order_bys',
    'distinct',
    'is_operator',
    'export_state',
    'catalog',
  ],
} as const satisfies Record<string, readonly string[]>;

export type NodeKind = keyof typeof kinds;

/** Kinds that are known and never allowed, wherever they stand. */
const refusedKinds: Readonly<Record<string, RefusalCode>> = {
  SET_OPERATION_NODE: 'set-operation',
  RECURSIVE_CTE_NODE: 'recursive-query',
  CTE_NODE: 'named-query',
  DISTINCT_MODIFIER: 'distinct',
  LIMIT_PERCENT_MODIFIER: 'limit-percent',
  EMPTY: 'no-table',
  TABLE_FUNCTION: 'table-function',
  SUBQUERY: 'subquery',
  SHOW_REF: 'describe',
  EXPRESSION_LIST: 'values-list',
  PIVOT: 'pivot',
  COLUMN_DATA: 'values-list',
  WINDOW: 'window',
  STAR: 'star',
  POSITIONAL_REFERENCE: 'positional-reference',
  LAMBDA: 'lambda',
  LAMBDA_REF: 'lambda',
  PARAMETER: 'parameter',
  COLLATE: 'collate',
  DEFAULT: 'default-value',
};

/** Types of operators and comparisons that are known and never allowed. */
const refusedTypes: Readonly<Record<string, RefusalCode>> = {
  OPERATOR_TRY: 'try',
  OPERATOR_COALESCE: 'coalesce',
  OPERATOR_NULLIF: 'coalesce',
  GROUPING_FUNCTION: 'grouping-function',
  ARRAY_EXTRACT: 'nested-value',
  ARRAY_SLICE: 'nested-value',
  ARRAY_CONSTRUCTOR: 'nested-value',
  STRUCT_EXTRACT: 'nested-value',
  OPERATOR_UNPACK: 'star',
  COMPARE_DISTINCT_FROM: 'distinct-from',
  COMPARE_NOT_DISTINCT_FROM: 'distinct-from',
};

/** @throws {QueryRefused} for anything but a node of a listed kind with its fields. */
export function openNode(tree: ExactJson): TreeNode {
  const object = openObject(tree);
  const type = textOf(object.get('type'));
  const named = object.has('class') ? textOf(object.get('class')) : type;
  const at = location(object.get('query_location'));
  const place = { node: type, at };
  const refused = refusedKinds[named] ?? refusedTypes[type];
  if (refused !== undefined) throw new QueryRefused(refused, place);
  if (!isKind(named)) throw new QueryRefused('unknown-node', place);
  requireFields(object, kinds[named], place);
  return { kind: named, type, at, field: (name) => object.get(name)! };
}

/** A part of the tree that is no node of its own, with exactly these fields. */
export function openFields<Name extends string>(tree: ExactJson, names: readonly Name[]): Record<Name, ExactJson> {
  const object = openObject(tree);
  requireFields(object, names, {});
  return Object.fromEntries(object) as Record<Name, ExactJson>;
}

export function listOf(tree: ExactJson): readonly ExactJson[] {
  if (Array.isArray(tree)) return tree as readonly ExactJson[];
  throw new QueryRefused('tree-damaged');
}

export function textOf(tree: ExactJson | undefined): string {
  if (typeof tree === 'string') return tree;
  throw new QueryRefused('tree-damaged');
}

/** @throws {QueryRefused} `code` unless the field is null, false, or an empty text or list. */
export function requireEmpty(node: TreeNode, name: string, code: RefusalCode): void {
  const value = node.field(name);
  const isEmpty = value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);
  if (!isEmpty) throw new QueryRefused(code, { node: node.type, at: node.at });
}

function openObject(tree: ExactJson): ReadonlyMap<string, ExactJson> {
  if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) return new Map(Object.entries(tree));
  throw new QueryRefused('tree-damaged');
}

function requireFields(
  object: ReadonlyMap<string, ExactJson>,
  names: readonly string[],
  place: { readonly node?: string; readonly at?: number | undefined },
): void {
  const isWhole = object.size === names.length && names.every((name) => object.has(name));
  if (!isWhole) throw new QueryRefused('unknown-field', place);
}

function isKind(name: string): name is NodeKind {
  return Object.hasOwn(kinds, name);
}

/** The parser's own mark for "nowhere" is 2^64 − 1. */
function location(tree: ExactJson | undefined): number | undefined {
  return typeof tree === 'bigint' && tree >= 0n && tree < 2n ** 32n ? Number(tree) : undefined;
}
