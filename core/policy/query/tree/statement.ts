/** From the text of DuckDB's tree to one statement of the few forms that there are. No name is looked up yet. */
import { utf8ToBytes } from '../../../bytes/index.ts';
import { type ExactJson, JsonError, parseJsonExactly } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { type Constant, readConstant } from './constant.ts';
import { type FromTable, readFrom } from './from.ts';
import { type GroupTerm, readGroupTerm } from './group.ts';
import { listOf, openFields, openNode, requireEmpty, type TreeNode, textOf } from './node.ts';
import { type Output, type OutputTerm, readOutput, readOutputTerm } from './output.ts';
import { type Comparison, comparisons, type Predicate, readPredicate } from './predicate.ts';

/** Bytes of UTF-8 that a question may have. */
export const textBytesMax = 16 * 1024;

/** A tree of a text within its limit stays far below these; a chain of 190 conditions inside one another reaches the depth. */
const treeLimits = { bytesMax: 16 * 1024 * 1024, depthMax: 400, valuesMax: 1 << 20 };

export interface Statement {
  readonly from: readonly FromTable[];
  readonly where: Predicate | undefined;
  /** A group, or the place of one among the outputs, from 1. */
  readonly groups: readonly (GroupTerm | OutputPlace)[];
  readonly outputs: readonly Output[];
  readonly having: Having | undefined;
  readonly order: readonly Order[];
  readonly limit: number | undefined;
}

export interface OutputPlace {
  readonly kind: 'place';
  readonly place: number;
  readonly at: number | undefined;
}

export interface Having {
  readonly term: OutputTerm;
  readonly by: Comparison;
  readonly constant: Constant;
  readonly at: number | undefined;
}

export interface Order {
  readonly term: OutputTerm | OutputPlace;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

/** @throws {QueryRefused} `text-too-long`, or `not-parsed` for what is no Unicode text, before anything parses it. */
export function requireShortText(text: string): void {
  // Behind a NUL the parser reads no further.
  if (!text.isWellFormed() || text.includes('\u0000')) throw new QueryRefused('not-parsed');
  if (text.length > textBytesMax || utf8ToBytes(text).length > textBytesMax) throw new QueryRefused('text-too-long');
}

/** @param tree what `json_serialize_sql` gave. @throws {QueryRefused} */
export function readStatement(tree: string): Statement {
  const document = openFieldsOf(parse(tree));
  if (document.get('error') !== false) throw notParsed(document);
  const { statements } = openFields(Object.fromEntries(document), ['error', 'statements']);
  const [statement, ...more] = listOf(statements);
  if (statement === undefined || more.length > 0) throw new QueryRefused('one-statement');
  const { node, named_param_map } = openFields(statement, ['node', 'named_param_map']);
  if (listOf(named_param_map).length > 0) throw new QueryRefused('parameter');
  return readSelect(openNode(node));
}

function readSelect(node: TreeNode): Statement {
  if (node.kind !== 'SELECT_NODE') throw new QueryRefused('unknown-node', { node: node.type });
  const { map } = openFields(node.field('cte_map'), ['map']);
  if (listOf(map).length > 0) throw new QueryRefused('named-query');
  requireEmpty(node, 'sample', 'sample');
  requireEmpty(node, 'qualify', 'qualify');
  if (node.field('aggregate_handling') !== 'STANDARD_HANDLING') throw new QueryRefused('group-by-all');
  const groups = listOf(node.field('group_expressions'));
  requireOneGrouping(listOf(node.field('group_sets')), groups.length);
  const where = node.field('where_clause');
  const having = node.field('having');
  const from = readFrom(node.field('from_table'));
  return {
    from,
    outputs: listOf(node.field('select_list')).map(readOutput),
    where: where === null ? undefined : readPredicate(where),
    groups: groups.map(readGroup),
    having: having === null ? undefined : readHaving(openNode(having)),
    ...readModifiers(listOf(node.field('modifiers')).map(openNode)),
  };
}

/** No GROUP BY at all, or one set of all its expressions: ROLLUP, CUBE and GROUPING SETS would release totals beside their parts. */
function requireOneGrouping(sets: readonly ExactJson[], groupCount: number): void {
  if (sets.length === 0 && groupCount === 0) return;
  const [set, ...more] = sets.map(listOf);
  const isWhole = set?.length === groupCount && set.every((index, i) => index === BigInt(i));
  if (!isWhole || more.length > 0) throw new QueryRefused('grouping-sets');
}

function readGroup(tree: ExactJson): GroupTerm | OutputPlace {
  const node = openNode(tree);
  const group = readPlace(tree, node) ?? readGroupTerm(node);
  if (group === undefined) throw new QueryRefused('group-shape', { node: node.type, at: node.at });
  return group;
}

/** An integer constant counts the outputs from 1. */
function readPlace(tree: ExactJson, node: TreeNode): OutputPlace | undefined {
  if (node.kind !== 'CONSTANT') return undefined;
  const constant = readConstant(tree);
  const isWhole =
    constant.type === 'number' && constant.scale === 0 && constant.unscaled > 0n && constant.unscaled < 1000n;
  if (!isWhole) throw new QueryRefused('output-place', { node: node.type, at: node.at });
  return { kind: 'place', place: Number(constant.unscaled), at: node.at };
}

function readHaving(node: TreeNode): Having {
  const by = comparisons[node.type];
  if (by === undefined) throw new QueryRefused('having-shape', { node: node.type, at: node.at });
  const right = openNode(node.field('right'));
  if (right.kind !== 'CONSTANT') throw new QueryRefused('having-shape', { node: right.type, at: right.at });
  const constant = readConstant(node.field('right'));
  if (constant.type !== 'number' && constant.type !== 'text') throw new QueryRefused('having-shape', { at: right.at });
  return { term: readOutputTerm(openNode(node.field('left'))), by, constant, at: node.at };
}

function readModifiers(nodes: readonly TreeNode[]): Pick<Statement, 'order' | 'limit'> {
  let order: readonly Order[] = [];
  let limit: number | undefined;
  for (const node of nodes) {
    if (node.kind === 'ORDER_MODIFIER') order = listOf(node.field('orders')).map(readOrder);
    else if (node.kind === 'LIMIT_MODIFIER') limit = readLimit(node);
    else throw new QueryRefused('unknown-node', { node: node.type });
  }
  return { order, limit };
}

function readOrder(tree: ExactJson): Order {
  const { type, null_order, expression } = openFields(tree, ['type', 'null_order', 'expression']);
  const node = openNode(expression);
  const term = readPlace(expression, node) ?? readOutputTerm(node);
  // DuckDB's own order puts NULL last, ascending and descending alike.
  return { term, isDescending: textOf(type) === 'DESCENDING', nullsFirst: textOf(null_order) === 'NULLS FIRST' };
}

function readLimit(node: TreeNode): number {
  requireEmpty(node, 'offset', 'offset');
  const limit = node.field('limit');
  const constant = limit !== null && openNode(limit).kind === 'CONSTANT' ? readConstant(limit) : undefined;
  const isCount =
    constant?.type === 'number' && constant.scale === 0 && constant.unscaled >= 0n && constant.unscaled < 2n ** 31n;
  if (!isCount) throw new QueryRefused('limit-shape');
  return Number(constant.unscaled);
}

function parse(tree: string): ExactJson {
  try {
    return parseJsonExactly(tree, treeLimits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const isLarge = error.code === 'too-deep' || error.code === 'too-large' || error.code === 'too-many-values';
    throw new QueryRefused(isLarge ? 'too-complex' : 'tree-damaged');
  }
}

function openFieldsOf(tree: ExactJson): ReadonlyMap<string, ExactJson> {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) throw new QueryRefused('tree-damaged');
  return new Map(Object.entries(tree));
}

/** DuckDB's message may repeat what was typed; only where it stood is passed on. */
function notParsed(document: ReadonlyMap<string, ExactJson>): QueryRefused {
  const position = document.get('position');
  const at = typeof position === 'string' && /^[0-9]{1,9}$/.test(position) ? Number(position) : undefined;
  return new QueryRefused(document.get('error_type') === 'not implemented' ? 'not-a-select' : 'not-parsed', { at });
}
