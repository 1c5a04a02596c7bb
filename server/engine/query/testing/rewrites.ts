/** Ways of writing a condition that keep the same rows, whatever the data: for questions that try to look new. */
import type { SeededRandom } from '@causeway/core/random';
import { cities } from './rules.ts';

type Condition =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Condition[] }
  | { readonly kind: 'not'; readonly term: Condition }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: 'between'; readonly column: string; readonly low: number; readonly high: number };

/** `city IN (…) AND age BETWEEN 30 AND 59`. */
const original: Condition = {
  kind: 'and',
  terms: [
    { kind: 'in', column: 'city', values: [cities[0]!, cities[2]!] },
    { kind: 'between', column: 'age', low: 30, high: 59 },
  ],
};

export function rewritten(random: SeededRandom): string {
  let condition = original;
  for (let i = 2 + random.below(4); i > 0; i--) condition = step(condition, random);
  return written(condition, random);
}

/** One law of logic, somewhere. */
function step(condition: Condition, random: SeededRandom): Condition {
  if ((condition.kind === 'and' || condition.kind === 'or') && random.chance(0.6)) {
    const place = random.below(condition.terms.length);
    return { ...condition, terms: condition.terms.map((term, i) => (i === place ? step(term, random) : term)) };
  }
  const laws: ((of: Condition) => Condition)[] = [
    (of) => ({ kind: 'not', term: { kind: 'not', term: of } }),
    (of) => ({ kind: 'and', terms: [of, of] }),
    (of) => ({
      kind: 'or',
      terms: [of, { kind: 'and', terms: [of, { kind: 'between', column: 'age', low: 20, high: 90 }] }],
    }),
    (of) => ({ kind: 'and', terms: [of, { kind: 'in', column: 'city', values: cities }] }),
    deMorgan,
    split,
  ];
  return laws[random.below(laws.length)]!(condition);
}

function deMorgan(of: Condition): Condition {
  if (of.kind !== 'and' && of.kind !== 'or') return of;
  const terms = of.terms.map((term): Condition => ({ kind: 'not', term }));
  return { kind: 'not', term: { kind: of.kind === 'and' ? 'or' : 'and', terms } };
}

function split(of: Condition): Condition {
  if (of.kind === 'in' && of.values.length > 1) {
    return { kind: 'or', terms: of.values.map((value) => ({ kind: 'in', column: of.column, values: [value] })) };
  }
  if (of.kind === 'between' && of.high > of.low) {
    const middle = Math.floor((of.low + of.high) / 2);
    return {
      kind: 'or',
      terms: [
        { ...of, high: middle },
        { ...of, low: middle + 1 },
      ],
    };
  }
  return of;
}

function written(condition: Condition, random: SeededRandom): string {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const terms = condition.terms.map((term) => written(term, random));
      if (random.chance(0.5)) terms.reverse();
      return `(${terms.join(condition.kind === 'and' ? ' AND ' : ' or ')})`;
    }
    case 'not':
      return `NOT (${written(condition.term, random)})`;
    case 'in':
      return writtenMember(condition.column, condition.values, random);
    case 'between': {
      const { low, high } = condition;
      const column = random.chance(0.5) ? 'crm.AGE' : 'age';
      const forms = [
        `${column} BETWEEN ${low} AND ${high}`,
        `(${column} >= ${low} AND ${column} <= ${high})`,
        `(${low - 1} < ${column} AND ${high + 1} > ${column})`,
        `NOT (${column} < ${low} OR ${column} > ${high})`,
        `(${column} >= CAST('${low}' AS INTEGER) AND ${column} <= ${high}.0)`,
      ];
      return forms[random.below(forms.length)]!;
    }
  }
}

function writtenMember(column: string, values: readonly string[], random: SeededRandom): string {
  const quoted = (texts: readonly string[]) => texts.map((text) => `'${text.replaceAll("'", "''")}'`);
  const others = cities.filter((city) => !values.includes(city));
  const forms = [
    `${column} IN (${quoted(values).join(', ')})`,
    `"crm"."${column}" IN (${quoted([...values, values[0]!])
      .reverse()
      .join(', ')})`,
    `(${quoted(values)
      .map((value) => `${value} = ${column}`)
      .join(' OR ')})`,
  ];
  if (others.length > 0)
    forms.push(`${column} NOT IN (${quoted(others).join(', ')})`, `NOT (${column} IN (${quoted(others).join(', ')}))`);
  return forms[random.below(forms.length)]!;
}
