/** Arithmetic on released figures. */
import type { Label } from '../compile/dimension.ts';
import type { Expression } from '../compile/expressions.ts';

/** Null where nothing is stated. */
export type Figure = bigint | null;

/** @returns a label, a figure as it is, or a double for what is calculated; null where a part is not stated or a divisor is 0. */
export function evaluate(
  expression: Expression<number>,
  row: { readonly labels: readonly Label[]; readonly figure: (vector: number) => Figure },
): Label | Figure {
  switch (expression.kind) {
    case 'label':
      return row.labels[expression.dimension]!;
    case 'figure':
      return row.figure(expression.figure);
    case 'number':
      return expression.value;
    case 'arithmetic': {
      const [left, right] = [evaluate(expression.left, row), evaluate(expression.right, row)];
      if (left === null || right === null) return null;
      return calculate(expression.operator, Number(left), Number(right));
    }
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
  }
}
