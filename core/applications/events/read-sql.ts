/**
 * The reading of `read.ts` as DuckDB SQL: millions of rows never become JavaScript values. Each step is a SELECT of its own, so that nothing is
 * computed twice.
 */
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { eventTimes, kindCode, nameLengthMax, touchKinds, unitsMax } from './event.ts';
import { type AmountColumn, type Cell, checkLayout, type EventLayout } from './layout.ts';
import type { EventRefusal } from './refusals.ts';
import { type ZonePeriod, zonePeriods } from './zone.ts';

/**
 * @param source what stands after FROM: a table, a table function or a query in parentheses, with a column `row` of row numbers.
 * @returns a SELECT of `row`, the columns of `eventColumns` and `refusal`: a code of `eventRefusals`, or NULL where the row is an event.
 * @throws {RangeError} for a layout that cannot be read by.
 */
export function readEventsSql(source: string, layout: EventLayout): string {
  checkLayout(layout);
  const cells = `SELECT "row", ${textSql(layout.person)} AS person_text, ${textSql(layout.time.column)} AS time_text,
    ${cellSql(layout.channel)} AS channel, ${cellSql(layout.campaign)} AS campaign, ${cellSql(layout.creative)} AS creative,
    ${cellSql(layout.currency)} AS currency_text, ${amountCell(layout.cost)} AS cost_text, ${amountCell(layout.value)} AS value_text,
    ${layout.eventId === undefined ? 'CAST("row" AS VARCHAR)' : textSql(layout.eventId)} AS event_id,
    ${layout.orderRef === undefined ? "''" : textSql(layout.orderRef)} AS order_text,
    ${kindSql(layout)} AS kind_code FROM ${source}`;
  const parts = `SELECT *, kind_code BETWEEN 0 AND ${touchKinds.length - 1} AS is_touch, ${timeParts(layout)}, ${unitSql(layout)} AS unit FROM (${cells})`;
  const chosen = `SELECT *, CASE WHEN is_touch THEN cost_text ELSE value_text END AS amount_text,
    ${instantSql(layout)} AS instants FROM (${parts})`;
  const numbers = `SELECT *, ${amountSql} AS amount, TRY_CAST(amount // unit AS BIGINT) AS units, len(instants) AS instant_count, instants[1] AS at_second FROM (${chosen})`;
  // A row that is refused may hold what no type of the table can: it is tried, not cast.
  const columns = `TRY_CAST(person_text AS UINTEGER) AS person, at_second AS "at",
    TRY_CAST((${offsetSql(layout)}) // 60 AS SMALLINT) AS zone, TRY_CAST(kind_code AS UTINYINT) AS kind, channel, campaign, creative,
    CASE WHEN is_touch THEN coalesce(units, 0) ELSE 0 END AS cost, CASE WHEN is_touch THEN 0 ELSE coalesce(units, 0) END AS value,
    CASE WHEN amount_text IS NULL THEN '' ELSE currency_text END AS currency, event_id,
    CASE WHEN is_touch THEN '' ELSE order_text END AS order_ref`;
  const judged = `SELECT *, ${refusalSql(layout)} AS refusal FROM (${numbers})`;
  const only = (column: string) => `CASE WHEN refusal IS NULL THEN "${column}" END AS "${column}"`;
  const kept = ['person', 'at', 'zone', 'kind', 'channel', 'campaign', 'creative', 'cost', 'value', 'currency'];
  return `SELECT "row", ${[...kept, 'event_id', 'order_ref'].map(only).join(', ')}, refusal
    FROM (SELECT "row", ${columns}, refusal FROM (${judged}))`;
}

function textSql(column: string): string {
  return `coalesce(trim(CAST(${sqlIdentifier(column)} AS VARCHAR), ' '), '')`;
}

function cellSql(cell: Cell | undefined): string {
  if (cell === undefined) return "''";
  return 'always' in cell ? sqlString(cell.always) : textSql(cell.column);
}

/** NULL where no amount was declared. */
function amountCell(amount: AmountColumn | undefined): string {
  return amount === undefined ? 'CAST(NULL AS VARCHAR)' : textSql(amount.column);
}

/** The kind's code, −1 for what is left out, −2 for what was not declared. */
function kindSql({ kind }: EventLayout): string {
  if ('always' in kind) return String(kindCode(kind.always));
  const cases = Object.entries(kind.kinds).map(
    ([text, meant]) => `WHEN ${sqlString(text)} THEN ${meant === 'leave-out' ? -1 : kindCode(meant)}`,
  );
  return cases.length === 0 ? '-2' : `CASE ${textSql(kind.column)} ${cases.join(' ')} ELSE -2 END`;
}

const written =
  '^\\d{4}-\\d\\d-\\d\\d[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.,]\\d{1,9})?)?( ?(Z|[+-](0\\d|1[0-4]):?[0-5]\\d))?$';

/** `wall`: the local time read as if it were UTC, in seconds, or NULL; `offset_text`: empty, `Z` or `+08:00`. */
function timeParts({ time }: EventLayout): string {
  if (time.form !== 'text') {
    const number = `CASE WHEN regexp_matches(time_text, '^\\d{1,15}$') THEN CAST(time_text AS BIGINT) END`;
    return `${time.form === 'seconds' ? number : `${number} // 1000`} AS wall, '' AS offset_text`;
  }
  const second = `CASE WHEN substr(time_text, 17, 1) = ':' THEN substr(time_text, 18, 2) ELSE '00' END`;
  const stamp = `left(time_text, 10) || ' ' || substr(time_text, 12, 5) || ':' || ${second}`;
  return `CASE WHEN regexp_matches(time_text, ${sqlString(written)}) THEN CAST(epoch(TRY_CAST(${stamp} AS TIMESTAMP)) AS BIGINT) END AS wall,
    regexp_extract(time_text, '(Z|[+-]\\d\\d:?\\d\\d)$', 1) AS offset_text`;
}

const offsetSeconds = `CASE WHEN offset_text = 'Z' THEN 0 ELSE CAST(left(offset_text, 3) AS INTEGER) * 3600 + CAST(left(offset_text, 1) || right(offset_text, 2) AS INTEGER) * 60 END`;

/** All instants that the time can mean. */
function instantSql({ time }: EventLayout): string {
  if (time.form !== 'text') return '[wall]';
  const periods = time.zone === undefined ? [] : zonePeriods(time.zone);
  const ofZone =
    periods.length <= 1
      ? periods.map(({ offset }) => `wall - ${offset}`).join('')
      : `list_transform(list_filter(${periodList(periods)}, lambda p: wall >= p.f + p.o AND wall < p.u + p.o), lambda p: wall - p.o)`;
  const local = periods.length === 0 ? '[]' : periods.length === 1 ? `[${ofZone}]` : ofZone;
  return `CASE WHEN wall IS NULL THEN [] WHEN offset_text <> '' THEN [wall - (${offsetSeconds})] ELSE ${local} END`;
}

function periodList(periods: readonly ZonePeriod[]): string {
  return `[${periods.map(({ from, until, offset }) => `{'f': ${from}, 'u': ${until}, 'o': ${offset}}`).join(', ')}]`;
}

/** Seconds east of UTC. */
function offsetSql({ time }: EventLayout): string {
  if (time.form === 'text') return 'wall - at_second';
  const periods = time.zone === undefined ? [] : zonePeriods(time.zone);
  if (periods.length <= 1) return String(periods[0]?.offset ?? 0);
  return `coalesce(list_filter(${periodList(periods)}, lambda p: at_second >= p.f AND at_second < p.u)[1].o, 0)`;
}

/** How many of 10⁻¹² of the column's numbers a unit of the row's currency is; NULL for a currency that was not declared. */
function unitSql({ cost, value, currencies = {} }: EventLayout): string {
  const unit = (column: AmountColumn | undefined) =>
    Object.entries(currencies)
      .map(([code, digits]) => `WHEN ${sqlString(code)} THEN ${10n ** BigInt(12 - digits + (column?.digits ?? 0))}`)
      .join(' ');
  if (Object.keys(currencies).length === 0) return 'CAST(NULL AS HUGEINT)';
  return `CASE WHEN is_touch THEN CASE currency_text ${unit(cost)} END ELSE CASE currency_text ${unit(value)} END END`;
}

const amountPattern = sqlString('^-?0*\\d{1,13}(\\.\\d{1,12})?$');
/** The amount without its sign, in 10⁻¹² of the column's numbers; NULL where it is none. */
const amountSql = `CASE WHEN regexp_matches(amount_text, ${amountPattern}) AND unit IS NOT NULL
    THEN CAST(regexp_extract(amount_text, '^-?0*(\\d{1,13})', 1) || rpad(regexp_extract(amount_text, '\\.(\\d+)$', 1), 12, '0') AS HUGEINT) END`;

function refusalSql({ time, takenAt }: EventLayout): string {
  const when = (condition: string, refusal: EventRefusal) => `WHEN ${condition} THEN ${sqlString(refusal)}`;
  const outside = (second: string) => `(${second} < ${eventTimes.from} OR ${second} >= ${eventTimes.until})`;
  const noInstant = `instant_count = 0`;
  return `CASE ${[
    when('kind_code = -1', 'left-out'),
    when('kind_code = -2', 'unknown-kind'),
    when(`NOT regexp_matches(person_text, '^\\d{1,10}$') OR TRY_CAST(person_text AS UINTEGER) IS NULL`, 'no-person'),
    when('wall IS NULL', 'unreadable-time'),
    ...(time.form === 'text' && time.zone === undefined ? [when("offset_text = ''", 'no-zone')] : []),
    when('instant_count > 1', 'time-is-ambiguous'),
    when(`${noInstant} AND NOT ${outside('wall')}`, 'time-does-not-exist'),
    when(`${noInstant} OR ${outside('at_second')}`, 'time-out-of-range'),
    when(`at_second > ${takenAt}`, 'in-the-future'),
    when("is_touch AND channel = ''", 'no-channel'),
    when(
      ['channel', 'campaign', 'creative'].map((name) => `length(${name}) > ${nameLengthMax}`).join(' OR '),
      'name-too-long',
    ),
    when("amount_text = ''", 'no-amount'),
    when(`amount_text IS NOT NULL AND NOT regexp_matches(amount_text, ${amountPattern})`, 'unreadable-amount'),
    when('amount_text IS NOT NULL AND unit IS NULL', 'unknown-currency'),
    when('amount % unit <> 0', 'too-many-decimals'),
    when(`amount // unit > ${unitsMax}`, 'unreadable-amount'),
    when("amount > 0 AND left(amount_text, 1) = '-'", 'negative-amount'),
    when("event_id = ''", 'no-event-id'),
    when("NOT is_touch AND order_text = ''", 'no-order-ref'),
  ].join(' ')} END`;
}
