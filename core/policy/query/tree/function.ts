/** Calls of functions: only by their plain name, and none of those that would tell more than a figure. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import type { RefusalCode } from '../refusals/index.ts';
import { listOf, openFields, requireEmpty, type TreeNode, textOf } from './node.ts';

export interface Call {
  /** One of those that this project knows. */
  readonly name: KnownFunction;
  readonly children: readonly ExactJson[];
  readonly filter: ExactJson;
  readonly isDistinct: boolean;
  readonly isOperator: boolean;
  readonly at: number | undefined;
}

const known = [
  'count_star',
  'count',
  'sum',
  'avg',
  'var_pop',
  'date_trunc',
  'date_part',
  'in_audience',
  '+',
  '-',
  '*',
  '/',
] as const;
export type KnownFunction = (typeof known)[number];

/** Families that people ask for, so that the refusal says why; every other name is refused as well. */
const families: readonly (readonly [RefusalCode, RegExp])[] = [
  ['extreme', /^(min|max|least|greatest|range|arg_min|arg_max|argmin|argmax|min_by|max_by|arg_min_null|arg_max_null)$/],
  [
    'quantile',
    /^(quantile|quantile_cont|quantile_disc|percentile_cont|percentile_disc|median|mode|mad|reservoir_quantile)$/,
  ],
  ['single-value', /^(first|last|any_value|arbitrary|nth_value|first_value|last_value|bitstring_agg|product)$/],
  [
    'collection',
    /^(list|array_agg|string_agg|group_concat|listagg|histogram|histogram_exact|map|unnest|list_value|struct_pack|row|map_from_entries)$/,
  ],
  ['approximate', /^approx_/],
  ['random', /^(random|uuid|uuidv4|uuidv7|gen_random_uuid|setseed|nextval|currval)$/],
  ['error-call', /^error$/],
  [
    'pattern',
    /^(~~|!~~|~~\*|!~~\*|~~~|like_escape|ilike_escape|not_like_escape|not_ilike_escape|regexp_.*|contains|prefix|suffix|starts_with|ends_with|\^@)$/,
  ],
  [
    'environment',
    /^(current_.*|version|now|today|get_current_.*|pg_.*|getenv|getvariable|txid_current|in_search_path|session_user|user|hash|sha256|md5)$/,
  ],
];

/** @throws {QueryRefused} with the family's code, or `function`; `qualified-function`, `aggregate-order`, `export-state`. */
export function readCall(node: TreeNode): Call {
  const name = textOf(node.field('function_name')).toLowerCase();
  const { at } = node;
  const family = families.find(([, pattern]) => pattern.test(name));
  if (family !== undefined) throw new QueryRefused(family[0], { node: node.type, at });
  if (!isKnown(name)) throw new QueryRefused('function', { node: node.type, at });
  requireEmpty(node, 'catalog', 'qualified-function');
  // EXTRACT arrives as main.date_part.
  if (node.field('schema') !== 'main') requireEmpty(node, 'schema', 'qualified-function');
  requireEmpty(node, 'export_state', 'export-state');
  const { orders } = openFields(node.field('order_bys'), ['type', 'orders']);
  if (listOf(orders).length > 0) throw new QueryRefused('aggregate-order', { node: node.type, at });
  return {
    name,
    children: listOf(node.field('children')),
    filter: node.field('filter'),
    isDistinct: node.field('distinct') === true,
    isOperator: node.field('is_operator') === true,
    at,
  };
}

/** @throws {QueryRefused} unless the call has neither DISTINCT nor FILTER. */
export function requirePlain({ filter, isDistinct, at }: Call): void {
  if (isDistinct) throw new QueryRefused('distinct-aggregate', { at });
  if (filter !== null) throw new QueryRefused('filter-place', { at });
}

function isKnown(name: string): name is KnownFunction {
  return (known as readonly string[]).includes(name);
}
