/** What a table of figures is broken down by: a column, a unit of time, or cases over one column. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { type Constant, readConstant } from './constant.ts';
import { readCall, requirePlain } from './function.ts';
import { type ColumnName, columnNameOf, readColumnName } from './name.ts';
import { listOf, openFields, openNode, type TreeNode } from './node.ts';
import { type Predicate, readPredicate } from './predicate.ts';

export type GroupTerm = { readonly at: number | undefined } & (
  | { readonly kind: 'column'; readonly name: ColumnName }
  | { readonly kind: 'trunc' | 'part'; readonly unit: string; readonly name: ColumnName }
  | { readonly kind: 'case'; readonly branches: readonly Branch[]; readonly otherwise: Constant }
);

export interface Branch {
  readonly when: Predicate;
  readonly label: Constant;
}

export const branchesMax = 32;

/** @returns undefined for an expression that is no group. */
export function readGroupTerm(node: TreeNode): GroupTerm | undefined {
  const { at } = node;
  if (node.kind === 'COLUMN_REF') return { kind: 'column', name: columnNameOf(node), at };
  if (node.kind === 'CASE') return readCase(node);
  if (node.kind !== 'FUNCTION') return undefined;
  const call = readCall(node);
  if (call.name !== 'date_trunc' && call.name !== 'date_part') return undefined;
  requirePlain(call);
  const [unit, column, ...more] = call.children;
  const constant = unit === undefined ? undefined : readConstant(unit);
  if (constant?.type !== 'text' || column === undefined || more.length > 0) throw new QueryRefused('time-unit', { at });
  const kind = call.name === 'date_trunc' ? 'trunc' : 'part';
  return { kind, unit: constant.text.toLowerCase(), name: readColumnName(column), at };
}

function readCase(node: TreeNode): GroupTerm {
  const { at } = node;
  const checks = listOf(node.field('case_checks'));
  if (checks.length > branchesMax) throw new QueryRefused('case-branches', { node: node.type, at });
  const branches = checks.map((check) => {
    const { when_expr, then_expr } = openFields(check, ['when_expr', 'then_expr']);
    return { when: readPredicate(when_expr), label: readLabel(then_expr) };
  });
  return { kind: 'case', branches, otherwise: readLabel(node.field('else_expr')), at };
}

function readLabel(tree: ExactJson): Constant {
  const node = openNode(tree);
  if (node.kind !== 'CONSTANT') throw new QueryRefused('case-result', { node: node.type, at: node.at });
  const constant = readConstant(tree);
  const isWhole = constant.type === 'number' && constant.scale === 0 && Number.isSafeInteger(Number(constant.unscaled));
  if (isWhole || constant.type === 'text' || constant.type === 'null') return constant;
  throw new QueryRefused('case-result', { node: node.type, at: node.at });
}
