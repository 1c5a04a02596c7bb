/**
 * Normalisation as DuckDB SQL, written from the same rules that `normalise.ts` runs: millions of rows never become
 * JavaScript values.
 */
import { sqlIdentifier, sqlString } from '../sql/index.ts';
import type { IdProfile } from './profile.ts';
import type { ChangeReason } from './reasons.ts';
import {
  type ChangeTest,
  type Derivation,
  type Pattern,
  type RefusalTest,
  type Rule,
  ruleOf,
  textBytesMax,
} from './rules.ts';
import { asciiFolding, characterClass, invisible, whitespace } from './text.ts';

/** Changes that text in ASCII cannot have had. */
const beyondAscii: readonly ChangeReason[] = ['invisible', 'full-width', 'other-digits'];

/** Scalar SQL expressions over one VARCHAR expression. In every row exactly one of `value` and `refusal` is NULL. */
export interface NormaliseSql {
  /** The canonical text, or NULL. */
  readonly value: string;
  /** What was changed: codes of `changeReasons` joined by `,`; NULL where the value was canonical already, or is refused. */
  readonly change: string;
  /**
   * A code of `refusalReasons`, or NULL; a NULL cell is `empty`. `needs-parsing` marks telephone numbers that only
   * libphonenumber can judge: send their distinct texts through `normaliser`, whose answer is final.
   */
  readonly refusal: string;
}

/**
 * @param column an SQL expression of type VARCHAR; it is repeated, so let it be a column's name.
 * @returns expressions that stand alone. Where all three are wanted `normaliseSelect` is several times faster.
 */
export function normaliseSql(profile: IdProfile, column: string): NormaliseSql {
  const rule = ruleOf(profile);
  const cleaned = cleanedSql(rule, column);
  const value = valueSql(rule, { text: column, cleaned });
  return {
    value,
    change: changeSql(rule, { text: column, cleaned, value }),
    refusal: refusalSql(rule, { text: column, cleaned, value }),
  };
}

export interface NormaliseColumn {
  readonly profile: IdProfile;
  /** An SQL expression of type VARCHAR over the source. */
  readonly column: string;
  /** The result's columns are `as`, `as_change` and `as_refusal`, as in `NormaliseSql`; any name, it is quoted. */
  readonly as: string;
}

/**
 * One SELECT that normalises any number of columns, each step computed once: DuckDB keeps the nested projections apart.
 * @param source what stands after FROM: a table, a table function or a query in parentheses.
 * @param keep SQL expressions of the source to hand through, each with its name as SQL writes it, quoted where it must be.
 */
export function normaliseSelect(
  source: string,
  columns: readonly NormaliseColumn[],
  keep: readonly { readonly column: string; readonly as: string }[] = [],
): string {
  const parts = columns.map(({ profile, column, as }, i) => ({
    rule: ruleOf(profile),
    column,
    as,
    sql: { text: `causeway_${i}_text`, cleaned: `causeway_${i}_cleaned`, value: `causeway_${i}_value` },
  }));
  const list = (items: readonly string[]) => items.join(', ');
  const texts = list([
    ...keep.map(({ column, as }) => `${column} AS ${as}`),
    ...parts.map(({ column, sql }) => `${column} AS ${sql.text}`),
  ]);
  const cleaned = list(['*', ...parts.map(({ rule, sql }) => `${cleanedSql(rule, sql.text)} AS ${sql.cleaned}`)]);
  const values = list(['*', ...parts.map(({ rule, sql }) => `${valueSql(rule, sql)} AS ${sql.value}`)]);
  const results = list([
    ...keep.map(({ as }) => as),
    ...parts.flatMap(({ rule, as, sql }) => [
      `${sql.value} AS ${sqlIdentifier(as)}`,
      `${changeSql(rule, sql)} AS ${sqlIdentifier(`${as}_change`)}`,
      `${refusalSql(rule, sql)} AS ${sqlIdentifier(`${as}_refusal`)}`,
    ]),
  ]);
  return `SELECT ${results} FROM (SELECT ${values} FROM (SELECT ${cleaned} FROM (SELECT ${texts} FROM ${source})))`;
}

/** The expressions that a step builds on. */
interface Steps {
  readonly text: string;
  readonly cleaned: string;
  readonly value: string;
}

/** NULL where the text is canonical as it stands: then no later step looks at it. */
function cleanedSql(rule: Rule, text: string): string {
  const conditions = [`strlen(${text}) <= ${rule.bytesMax}`, found(text, rule.canonical)];
  if (rule.canonicalUnless !== null) conditions.push(`NOT ${found(text, rule.canonicalUnless)}`);
  if (rule.vetoes.length > 0) conditions.push(`NOT ${found(text, anyOf(rule.vetoes))}`);
  const recased = rule.letterCase === 'keep' ? text : `${rule.letterCase}(${text})`;
  return `CASE WHEN ${conditions.join(' AND ')} THEN NULL WHEN ${found(text, rule.tidy)} THEN ${recased} ELSE ${foldedSql(rule, text)} END`;
}

function valueSql(rule: Rule, { text, cleaned }: Omit<Steps, 'value'>): string {
  const conditions = [
    `strlen(${text}) <= ${textBytesMax}`,
    `strlen(${cleaned}) <= ${rule.bytesMax}`,
    found(cleaned, rule.accept),
  ];
  if (rule.damage.length > 0) conditions.push(`NOT ${found(text, anyOf(rule.damage))}`);
  if (rule.vetoes.length > 0) conditions.push(`NOT ${found(cleaned, anyOf(rule.vetoes))}`);
  const derived = derivedSql(rule.derive, cleaned);
  return `CASE WHEN ${cleaned} IS NULL THEN ${text} WHEN ${conditions.join(' AND ')} THEN ${derived} END`;
}

function changeSql(rule: Rule, { text, cleaned, value }: Steps): string {
  const reason = (test: ChangeTest) => `CASE WHEN ${found(text, test.pattern)} THEN ${sqlString(test.reason)} END`;
  const derived = derivedReasonSql(rule.derive, cleaned, value);
  const joined = (tests: readonly ChangeTest[]) =>
    `concat_ws(',', ${['NULL', ...tests.map(reason), ...derived].join(', ')})`;
  const tidy = joined(rule.changes.filter((test) => test.reason === 'letter-case'));
  const inAscii = joined(rule.changes.filter((test) => !beyondAscii.includes(test.reason)));
  return `CASE WHEN ${value} IS NULL OR ${value} = ${text} THEN NULL WHEN ${found(text, rule.tidy)} THEN ${tidy} WHEN ${isAscii(text)} THEN ${inAscii} ELSE ${joined(rule.changes)} END`;
}

function refusalSql(rule: Rule, { text, cleaned, value }: Steps): string {
  const tests = [
    `WHEN ${text} IS NULL THEN 'empty'`,
    `WHEN strlen(${text}) > ${textBytesMax} THEN 'too-long'`,
    `WHEN ${cleaned} = '' THEN 'empty'`,
    ...rule.damage.map((test) => when(text, test)),
    ...[...rule.vetoes, ...rule.refusals].map((test) => when(cleaned, test)),
    `WHEN strlen(${cleaned}) > ${rule.bytesMax} THEN 'too-long'`,
  ];
  return `CASE WHEN ${value} IS NOT NULL THEN NULL ${tests.join(' ')} ELSE ${sqlString(rule.otherwise)} END`;
}

function when(text: string, test: RefusalTest): string {
  return `WHEN ${found(text, test.pattern)} THEN ${sqlString(test.reason)}`;
}

/** Text beyond ASCII is rare and its way is long; `lower` and `upper` see ASCII only, where all implementations agree. */
function foldedSql(rule: Rule, text: string): string {
  if (rule.fold === 'opaque') {
    const visible = `regexp_replace(${text}, ${sqlString(characterClass(invisible))}, '', 'g')`;
    const strip = whitespace + rule.strip;
    return `CASE WHEN ${isAscii(text)} THEN ${strippedSql(text, strip)} ELSE ${strippedSql(visible, strip)} END`;
  }
  const recased = rule.letterCase === 'keep' ? text : `${rule.letterCase}(${text})`;
  const strip = ` \t\n\v\f\r${rule.strip}`;
  // `trim` costs more than the test that spares it.
  const trimmed = `CASE WHEN ${found(text, endsPattern(rule))} THEN ${strippedSql(recased, strip)} ELSE ${recased} END`;
  const { from, to } = asciiFolding(rule.letterCase);
  const folded = strippedSql(`translate(${text}, ${sqlString(from)}, ${sqlString(to)})`, strip);
  const cleaned = `CASE WHEN ${isAscii(text)} THEN ${trimmed} ELSE ${folded} END`;
  return rule.remove === ''
    ? cleaned
    : `regexp_replace(${cleaned}, ${sqlString(characterClass(rule.remove))}, '', 'g')`;
}

/** Text that has something to strip; white space that is removed everywhere need not be stripped too. */
function endsPattern(rule: Rule): Pattern {
  const spaces = '[ \\t\\n\\v\\f\\r]';
  const marks = characterClass(rule.strip);
  return rule.remove.includes(' ')
    ? `^${spaces}*${marks}|${marks}${spaces}*$`
    : `^${spaces}|^${marks}|${spaces}$|${marks}$`;
}

function strippedSql(text: string, characters: string): string {
  return `trim(${text}, ${sqlString(characters)})`;
}

function derivedSql(derivation: Derivation, cleaned: string): string {
  switch (derivation.kind) {
    case 'same':
      return cleaned;
    case 'tail': {
      const tail = `right(${cleaned}, ${derivation.length})`;
      return derivation.prefix === '' ? tail : `${sqlString(derivation.prefix)} || ${tail}`;
    }
    case 'mailbox':
      return mailboxSql(derivation, cleaned);
    case 'digest':
      return `CASE WHEN strlen(${cleaned}) = ${2 * derivation.bytes} THEN lower(${cleaned}) ELSE lower(hex(from_base64(${cleaned}))) END`;
  }
}

/** `applyMailboxRule` as SQL. */
export function mailboxSql(rule: Extract<Derivation, { kind: 'mailbox' }>, address: string): string {
  const ended = rule.tag ? `regexp_extract(${address}, '^[^@+]*')` : `split_part(${address}, '@', 1)`;
  const name = rule.dots ? `replace(${ended}, '.', '')` : ended;
  const short = `${name} || '@' || split_part(${address}, '@', 2)`;
  if (rule.domains === null) return short;
  return `CASE WHEN split_part(${address}, '@', 2) IN (${rule.domains.map(sqlString).join(', ')}) THEN ${short} ELSE ${address} END`;
}

function derivedReasonSql(derivation: Derivation, cleaned: string, value: string): readonly string[] {
  switch (derivation.kind) {
    case 'same':
      return [];
    case 'tail':
      return [`CASE WHEN ${value} <> ${cleaned} THEN ${sqlString(derivation.reason)} END`];
    case 'mailbox':
      return [`CASE WHEN ${value} <> ${cleaned} THEN 'mailbox-rule' END`];
    case 'digest':
      return [
        `CASE WHEN strlen(${cleaned}) <> ${2 * derivation.bytes} THEN 'base64' WHEN ${value} <> ${cleaned} THEN 'letter-case' END`,
      ];
  }
}

function found(text: string, pattern: Pattern): string {
  return `regexp_matches(${text}, ${sqlString(pattern)})`;
}

function anyOf(tests: readonly { readonly pattern: Pattern }[]): Pattern {
  return tests.map((test) => test.pattern).join('|');
}

function isAscii(text: string): string {
  return `strlen(${text}) = length(${text})`;
}
