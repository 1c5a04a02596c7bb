/** What is asked for: groups, figures, and arithmetic on figures that are released. */
import type { ExactJson } from '../../../json/index.ts';
import { QueryRefused } from '../refusal.ts';
import { readConstant } from './constant.ts';
import { type Call, readCall, requirePlain } from './function.ts';
import { type GroupTerm, readGroupTerm } from './group.ts';
import { type ColumnName, readColumnName } from './name.ts';
import { openNode, type TreeNode, textOf } from './node.ts';
import { type Predicate, readPredicate } from './predicate.ts';

export type OutputTerm = { readonly at: number | undefined } & (
  | { readonly kind: 'group'; readonly term: GroupTerm }
  | { readonly kind: 'rows'; readonly filter: Predicate | undefined }
  | { readonly kind: 'persons'; readonly name: ColumnName; readonly filter: Predicate | undefined }
  | {
      readonly kind: 'sum' | 'mean' | 'variance';
      readonly name: ColumnName;
      readonly filter: Predicate | undefined;
    }
  | { readonly kind: 'number'; readonly unscaled: bigint; readonly scale: number }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Operator;
      readonly left: OutputTerm;
      readonly right: OutputTerm;
    }
);

export type Operator = '+' | '-' | '*' | '/';

export interface Output {
  /** The name after AS, or undefined. */
  readonly alias: string | undefined;
  readonly term: OutputTerm;
}

const aggregates = { sum: 'sum', avg: 'mean', var_pop: 'variance' } as const;

export function readOutput(tree: ExactJson): Output {
  const node = openNode(tree);
  const alias = textOf(node.field('alias'));
  return { alias: alias === '' ? undefined : alias, term: readOutputTerm(node) };
}

export function readOutputTerm(node: TreeNode): OutputTerm {
  const { at } = node;
  const term = readGroupTerm(node);
  if (term !== undefined) return { kind: 'group', term, at };
  switch (node.kind) {
    case 'FUNCTION':
      return readFigure(readCall(node));
    case 'CONSTANT':
    case 'CAST':
      throw new QueryRefused('constant-output', { node: node.type, at });
    default:
      throw new QueryRefused('output-shape', { node: node.type, at });
  }
}

function readFigure(call: Call): OutputTerm {
  const { at } = call;
  const filter = call.filter === null ? undefined : readPredicate(call.filter);
  switch (call.name) {
    case 'count_star':
      if (call.isDistinct) throw new QueryRefused('distinct-aggregate', { at });
      return { kind: 'rows', filter, at };
    case 'count':
      if (!call.isDistinct) throw new QueryRefused('count-of-column', { at });
      return { kind: 'persons', name: argumentOf(call, 'count-of-column'), filter, at };
    case 'sum':
    case 'avg':
    case 'var_pop':
      if (call.isDistinct) throw new QueryRefused('distinct-aggregate', { at });
      return { kind: aggregates[call.name], name: argumentOf(call, 'measure'), filter, at };
    case '+':
    case '-':
    case '*':
    case '/':
      requirePlain(call);
      return readArithmetic(call.name, call);
    case 'in_audience':
    case 'date_trunc':
    case 'date_part':
      throw new QueryRefused('output-shape', { at });
  }
}

/** One column, not an expression: a quotient inside a sum would be a question about every single row. */
function argumentOf({ children, at }: Call, code: 'count-of-column' | 'measure'): ColumnName {
  const [argument, ...more] = children;
  if (argument === undefined || more.length > 0) throw new QueryRefused(code, { at });
  const node = openNode(argument);
  if (node.kind !== 'COLUMN_REF') throw new QueryRefused(code, { node: node.type, at: node.at });
  return readColumnName(argument);
}

function readArithmetic(operator: Operator, { children, at }: Call): OutputTerm {
  const [left, right, ...more] = children;
  if (left === undefined || right === undefined || more.length > 0) throw new QueryRefused('output-shape', { at });
  return { kind: 'arithmetic', operator, left: readOperand(left), right: readOperand(right), at };
}

function readOperand(tree: ExactJson): OutputTerm {
  const node = openNode(tree);
  const { at } = node;
  if (node.kind === 'CONSTANT') {
    const constant = readConstant(tree);
    if (constant.type !== 'number') throw new QueryRefused('output-shape', { node: node.type, at });
    return { kind: 'number', unscaled: constant.unscaled, scale: constant.scale, at };
  }
  const term = readOutputTerm(node);
  if (term.kind === 'group') throw new QueryRefused('output-shape', { node: node.type, at });
  return term;
}
