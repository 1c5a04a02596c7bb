/** Conditions: one column against constants, joined by AND, OR and NOT. No arithmetic, no function, no second column. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { type Constant, isConstant, readConstant } from './constant.ts';
import { readCall } from './function.ts';
import { type ColumnName, columnNameOf } from './name.ts';
import { listOf, openNode, type TreeNode } from './node.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Predicate =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Predicate[] }
  | { readonly kind: 'not'; readonly term: Predicate }
  | { readonly kind: 'missing'; readonly name: ColumnName; readonly isNegated: boolean }
  | { readonly kind: 'compare'; readonly name: ColumnName; readonly by: Comparison; readonly constant: Constant }
  | { readonly kind: 'between'; readonly name: ColumnName; readonly low: Constant; readonly high: Constant }
  | {
      readonly kind: 'in';
      readonly name: ColumnName;
      readonly constants: readonly Constant[];
      readonly isNegated: boolean;
    }
  | { readonly kind: 'audience'; readonly audience: string; readonly at: number | undefined };

export const comparisons: Readonly<Record<string, Comparison>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
};

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

export function readPredicate(tree: ExactJson): Predicate {
  const node = openNode(tree);
  switch (node.kind) {
    case 'CONJUNCTION':
      return readConjunction(node);
    case 'COMPARISON':
      return readComparison(node);
    case 'BETWEEN': {
      const [low, high] = [readConstant(node.field('lower')), readConstant(node.field('upper'))];
      return { kind: 'between', name: subjectOf(openNode(node.field('input'))), low, high };
    }
    case 'OPERATOR':
      return readOperator(node);
    case 'FUNCTION':
      return readAudience(node);
    case 'COLUMN_REF':
      throw new QueryRefused('bare-column', { node: node.type, at: node.at });
    case 'CONSTANT':
    case 'CAST':
      throw new QueryRefused('constant-condition', { node: node.type, at: node.at });
    default:
      throw new QueryRefused('condition-shape', { node: node.type, at: node.at });
  }
}

function readConjunction(node: TreeNode): Predicate {
  const kind = node.type === 'CONJUNCTION_AND' ? 'and' : node.type === 'CONJUNCTION_OR' ? 'or' : undefined;
  if (kind === undefined) throw new QueryRefused('unknown-node', { node: node.type, at: node.at });
  return { kind, terms: listOf(node.field('children')).map(readPredicate) };
}

function readComparison(node: TreeNode): Predicate {
  const by = comparisons[node.type];
  if (by === undefined) throw new QueryRefused('unknown-node', { node: node.type, at: node.at });
  const [left, right] = [openNode(node.field('left')), openNode(node.field('right'))];
  if (left.kind === 'COLUMN_REF' && right.kind === 'COLUMN_REF') {
    throw new QueryRefused('column-to-column', { node: node.type, at: node.at });
  }
  if (left.kind === 'CONSTANT' && isConstant(right)) {
    throw new QueryRefused('constant-condition', { node: node.type, at: node.at });
  }
  if (left.kind === 'CONSTANT' || (left.kind === 'CAST' && right.kind === 'COLUMN_REF')) {
    const name = subjectOf(right);
    return { kind: 'compare', name, by: mirrored[by], constant: readConstant(node.field('left')) };
  }
  return { kind: 'compare', name: subjectOf(left), by, constant: readConstant(node.field('right')) };
}

function readOperator(node: TreeNode): Predicate {
  const children = listOf(node.field('children'));
  const first = (): ExactJson => {
    if (children[0] === undefined) throw new QueryRefused('tree-damaged', { node: node.type, at: node.at });
    return children[0];
  };
  switch (node.type) {
    case 'OPERATOR_NOT':
      return { kind: 'not', term: readPredicate(first()) };
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { kind: 'missing', name: subjectOf(openNode(first())), isNegated: node.type === 'OPERATOR_IS_NOT_NULL' };
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN': {
      const name = subjectOf(openNode(first()));
      return {
        kind: 'in',
        name,
        constants: children.slice(1).map(readConstant),
        isNegated: node.type === 'COMPARE_NOT_IN',
      };
    }
    default:
      throw new QueryRefused('unknown-node', { node: node.type, at: node.at });
  }
}

function subjectOf(node: TreeNode): ColumnName {
  if (node.kind === 'COLUMN_REF') return columnNameOf(node);
  const place = { node: node.type, at: node.at };
  if (node.kind === 'CAST') throw new QueryRefused('cast', place);
  if (node.kind !== 'FUNCTION') throw new QueryRefused('condition-shape', place);
  const call = readCall(node);
  throw new QueryRefused(call.isOperator ? 'arithmetic-in-condition' : 'function-in-condition', place);
}

function readAudience(node: TreeNode): Predicate {
  const { name, children, at, isOperator } = readCall(node);
  if (name !== 'in_audience') {
    throw new QueryRefused(isOperator ? 'arithmetic-in-condition' : 'function-in-condition', { node: node.type, at });
  }
  const [argument, ...more] = children.map(readConstant);
  if (argument?.type !== 'text' || more.length > 0) throw new QueryRefused('audience-name', { at });
  return { kind: 'audience', audience: argument.text, at };
}
