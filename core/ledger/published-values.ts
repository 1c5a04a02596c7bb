/**
 * Lists of values that a published column has, for others to choose from. What is on one is public for good, so its form is narrow: a column that
 * may be grouped by, values that any agreement could name, and an order that tells nothing of how frequent they are.
 */
import { z } from 'zod';

/** Values of one column. */
export const publishedValuesMax = 200;
/** Characters of one value: as many as a category of a room may have. */
export const publishedValueLengthMax = 64;

/** One line, without blanks at its ends, control characters, or marks that reverse or hide text (Trojan Source). */
export const publishedValue = z
  .string()
  .min(1)
  .max(publishedValueLengthMax)
  .refine(
    (value) => value.isWellFormed() && value.trim() === value && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(value),
    'expected a value on one line',
  );

export const publishedValues = z
  .array(publishedValue)
  .min(1)
  .max(publishedValuesMax)
  .refine(
    (values) => values.every((value, i) => i === 0 || values[i - 1]! < value),
    'expected each value once, in the order of their UTF-16 code units',
  );

/** Whether the values of a column can be published: it is shown to others as it is, and holds categories. */
export function mayListValues({ grade, type }: { readonly grade: string; readonly type: string }): boolean {
  return (grade === 'public' || grade === 'internal') && (type === 'text' || type === 'integer');
}
