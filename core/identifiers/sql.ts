/**
 * Normalisation as DuckDB SQL, written from the same rules that `normalise.ts` runs: millions of rows never become
 * JavaScript values.
 */
import type { IdProfile } from './profile.ts';
import { type Derivation, type Pattern, type RefusalTest, type Rule, ruleOf, textBytesMax } from './rules.ts';
import { asciiFolding, characterClass, invisible, whitespace } from './text.ts';

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
 * @returns expressions that stand alone. Where all three are wanted, `normaliseStages` computes the shared parts once.
 */
export function normaliseSql(profile: IdProfile, column: string): NormaliseSql {
  const sql = ruleSql(ruleOf(profile));
  const cleaned = sql.cleaned(column);
  const value = sql.value(column, cleaned);
  return { value, change: sql.change(column, cleaned, value), refusal: sql.refusal(column, cleaned, value) };
}

export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

interface RuleSql {
  readonly cleaned: (text: string) => string;
  readonly value: (text: string, cleaned: string) => string;
  readonly change: (text: string, cleaned: string, value: string) => string;
  readonly refusal: (text: string, cleaned: string, value: string) => string;
}

function ruleSql(rule: Rule): RuleSql {
  const canonical = (text: string) =>
    all([
      `strlen(${text}) <= ${rule.bytesMax}`,
      found(text, rule.canonical),
      ...(rule.canonicalUnless === null ? [] : [`NOT ${found(text, rule.canonicalUnless)}`]),
      ...(rule.vetoes.length === 0 ? [] : [`NOT ${found(text, anyOf(rule.vetoes))}`]),
    ]);
  const bad = (text: string, cleaned: string) => [
    ...(rule.damage.length === 0 ? [] : [`NOT ${found(text, anyOf(rule.damage))}`]),
    ...(rule.vetoes.length === 0 ? [] : [`NOT ${found(cleaned, anyOf(rule.vetoes))}`]),
  ];
  return {
    cleaned: (text) => cleanedSql(rule, text),
    value: (text, cleaned) => {
      const accepted = all([
        `strlen(${text}) <= ${textBytesMax}`,
        `strlen(${cleaned}) <= ${rule.bytesMax}`,
        found(cleaned, rule.accept),
        ...bad(text, cleaned),
      ]);
      return `CASE WHEN ${canonical(text)} THEN ${text} WHEN ${accepted} THEN ${derivedSql(rule.derive, rule.accept, cleaned)} END`;
    },
    change: (text, cleaned, value) => {
      const reasons = rule.changes.map(
        (test) => `CASE WHEN ${found(text, test.pattern)} THEN ${sqlString(test.reason)} END`,
      );
      const derived = derivedReasonSql(rule.derive, cleaned, value);
      const list = [...reasons, ...(derived === null ? [] : [derived])].join(', ');
      return `CASE WHEN ${canonical(text)} THEN NULL WHEN ${value} IS NULL THEN NULL ELSE nullif(concat_ws(',', ${list}), '') END`;
    },
    refusal: (text, cleaned, value) => {
      const tests = [
        `WHEN ${text} IS NULL THEN 'empty'`,
        `WHEN strlen(${text}) > ${textBytesMax} THEN 'too-long'`,
        `WHEN ${cleaned} = '' THEN 'empty'`,
        ...rule.damage.map((test) => when(text, test)),
        ...[...rule.vetoes, ...rule.refusals].map((test) => when(cleaned, test)),
        `WHEN strlen(${cleaned}) > ${rule.bytesMax} THEN 'too-long'`,
      ];
      return `CASE WHEN ${canonical(text)} THEN NULL WHEN ${value} IS NOT NULL THEN NULL ${tests.join(' ')} ELSE ${sqlString(rule.otherwise)} END`;
    },
  };
}

function when(text: string, test: RefusalTest): string {
  return `WHEN ${found(text, test.pattern)} THEN ${sqlString(test.reason)}`;
}

/** Text beyond ASCII is rare and its way is long; `lower` and `upper` see ASCII only, where all implementations agree. */
function cleanedSql(rule: Rule, text: string): string {
  const isAscii = `strlen(${text}) = length(${text})`;
  if (rule.fold === 'opaque') {
    const visible = `CASE WHEN ${isAscii} THEN ${text} ELSE regexp_replace(${text}, ${sqlString(characterClass(invisible))}, '', 'g') END`;
    return stripped(visible, whitespace + rule.strip);
  }
  const { from, to } = asciiFolding(rule.letterCase);
  const recased = rule.letterCase === 'keep' ? text : `${rule.letterCase}(${text})`;
  const folded = `CASE WHEN ${isAscii} THEN ${recased} ELSE translate(${text}, ${sqlString(from)}, ${sqlString(to)}) END`;
  const trimmed = stripped(folded, ` \t\n\v\f\r${rule.strip}`);
  return rule.remove === ''
    ? trimmed
    : `regexp_replace(${trimmed}, ${sqlString(characterClass(rule.remove))}, '', 'g')`;
}

function stripped(text: string, characters: string): string {
  return `trim(${text}, ${sqlString(characters)})`;
}

function derivedSql(derivation: Derivation, accept: Pattern, cleaned: string): string {
  switch (derivation.kind) {
    case 'same':
      return cleaned;
    case 'group': {
      const group = `regexp_extract(${cleaned}, ${sqlString(accept)}, 1)`;
      return derivation.prefix === '' ? group : `${sqlString(derivation.prefix)} || ${group}`;
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

function derivedReasonSql(derivation: Derivation, cleaned: string, value: string): string | null {
  switch (derivation.kind) {
    case 'same':
      return null;
    case 'group':
      return `CASE WHEN ${value} <> ${cleaned} THEN ${sqlString(derivation.reason)} END`;
    case 'mailbox':
      return `CASE WHEN ${value} <> ${cleaned} THEN 'mailbox-rule' END`;
    case 'digest':
      return `CASE WHEN strlen(${cleaned}) <> ${2 * derivation.bytes} THEN 'base64' WHEN ${value} <> ${cleaned} THEN 'letter-case' END`;
  }
}

function found(text: string, pattern: Pattern): string {
  return `regexp_matches(${text}, ${sqlString(pattern)})`;
}

function anyOf(tests: readonly { readonly pattern: Pattern }[]): Pattern {
  return tests.map((test) => test.pattern).join('|');
}

function all(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}
