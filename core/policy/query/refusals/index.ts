/** Every reason for which a question is refused, with its sentence. */
import type { Words } from '../../words.ts';

export type RefusalCode = keyof typeof sentences;

export const sentences = {
  // the text and its tree
  'text-too-long': { en: 'The question is longer than 16 KiB.', zh: '问题超过 16 KiB。' },
  'not-parsed': { en: 'This is not SQL that can be read.', zh: '无法解析该 SQL。' },
  'not-a-select': { en: 'Only SELECT can be asked.', zh: '只能使用 SELECT。' },
  'one-statement': { en: 'Ask one question at a time.', zh: '每次只能提一个问题。' },
  'tree-damaged': { en: 'The parser’s answer could not be read.', zh: '无法读取解析器的输出。' },
  'unknown-node': { en: 'This part of SQL is not among what may be asked.', zh: '该语法不在允许范围内。' },
  'unknown-field': { en: 'The parser gave a form that is not known here.', zh: '解析器给出了未知的形式。' },
  'too-complex': { en: 'The conditions are too complex.', zh: '条件过于复杂。' },
  'too-many-constants': { en: 'The conditions name more than 2,048 values.', zh: '条件中的取值超过 2048 个。' },
  'too-many-tables': { en: 'At most 16 tables can be joined.', zh: '最多关联 16 张表。' },
  'too-many-cells': { en: 'The table would have more than 10,000 groups.', zh: '结果将超过 10000 个分组。' },
  'too-many-numbers': { en: 'The answer would hold more than 10,000 numbers.', zh: '结果将超过 10000 个数字。' },
  parameter: { en: 'Questions have no parameters; write the values.', zh: '不支持参数，请直接写出取值。' },

  // the form of the statement
  'set-operation': { en: 'UNION, INTERSECT and EXCEPT are not answered.', zh: '不支持 UNION、INTERSECT、EXCEPT。' },
  'recursive-query': { en: 'Recursive queries are not answered.', zh: '不支持递归查询。' },
  'named-query': { en: 'WITH is not answered.', zh: '不支持 WITH。' },
  distinct: { en: 'DISTINCT is not answered; use GROUP BY.', zh: '不支持 DISTINCT，请使用 GROUP BY。' },
  qualify: { en: 'QUALIFY is not answered.', zh: '不支持 QUALIFY。' },
  sample: {
    en: 'Sampling is not answered: it would ask about other rows each time.',
    zh: '不支持抽样：每次涉及的行不同。',
  },
  'group-by-all': { en: 'Name the groups; GROUP BY ALL is not answered.', zh: '请写明分组列；不支持 GROUP BY ALL。' },
  'grouping-sets': {
    en: 'ROLLUP, CUBE and GROUPING SETS are not answered; ask for totals by a question of their own.',
    zh: '不支持 ROLLUP、CUBE、GROUPING SETS；合计请单独提问。',
  },
  'limit-percent': { en: 'LIMIT takes a number of rows.', zh: 'LIMIT 只能是行数。' },
  'limit-shape': { en: 'LIMIT takes a whole number.', zh: 'LIMIT 只能是整数。' },
  offset: { en: 'OFFSET is not answered.', zh: '不支持 OFFSET。' },
  'having-shape': { en: 'HAVING compares one output with a constant.', zh: 'HAVING 只能将一个输出与常数比较。' },
  'having-not-released': { en: 'HAVING can only use an output of the question.', zh: 'HAVING 只能使用本问题的输出。' },
  'order-not-released': {
    en: 'ORDER BY can only use an output of the question.',
    zh: 'ORDER BY 只能使用本问题的输出。',
  },
  'output-place': { en: 'There is no output at this place.', zh: '该位置没有输出列。' },

  // FROM
  'no-table': { en: 'A question needs a table.', zh: '问题必须有 FROM 表。' },
  'table-function': { en: 'Functions are no tables here.', zh: '不支持表函数。' },
  describe: { en: 'DESCRIBE, SHOW and SUMMARIZE are not answered.', zh: '不支持 DESCRIBE、SHOW、SUMMARIZE。' },
  'values-list': { en: 'VALUES is not answered.', zh: '不支持 VALUES。' },
  pivot: { en: 'PIVOT and UNPIVOT are not answered.', zh: '不支持 PIVOT、UNPIVOT。' },
  'unknown-table': { en: 'There is no such table in the agreement.', zh: '协议中没有该表。' },
  'qualified-table': { en: 'Name the table alone, without schema or database.', zh: '只写表名，不要写模式或数据库。' },
  'column-alias': { en: 'Columns of a table keep their names.', zh: '不能重命名表的列。' },
  'time-travel': { en: 'AT is not answered.', zh: '不支持 AT。' },
  'table-twice': { en: 'A table can be named once.', zh: '同一张表只能出现一次。' },
  'two-event-tables': {
    en: 'Only one event table can be joined: two would multiply each other’s rows.',
    zh: '只能关联一张事件表：两张会使行数相乘。',
  },
  'join-type': { en: 'Joins are INNER or LEFT.', zh: '只支持 INNER 和 LEFT 关联。' },
  'cross-join': { en: 'Tables are joined on the person, not crossed.', zh: '表须按人关联，不支持笛卡尔积。' },
  'natural-join': {
    en: 'NATURAL joins are not answered; name the person column.',
    zh: '不支持 NATURAL 关联，请写明人的列。',
  },
  'asof-join': { en: 'ASOF joins are not answered.', zh: '不支持 ASOF 关联。' },
  'positional-join': { en: 'POSITIONAL joins are not answered.', zh: '不支持 POSITIONAL 关联。' },
  'join-condition': { en: 'Tables are joined on the person column alone.', zh: '表只能按人的列关联。' },
  'join-through-absent': {
    en: 'A table cannot be joined through one that is joined from the left.',
    zh: '不能通过左关联的表再关联其他表。',
  },
  'nested-join': { en: 'Join one table after the other.', zh: '请逐张表依次关联。' },

  // expressions
  subquery: { en: 'Subqueries are not answered.', zh: '不支持子查询。' },
  window: { en: 'Window functions are not answered.', zh: '不支持窗口函数。' },
  star: { en: 'Name the outputs; * and COLUMNS would be rows.', zh: '请写明输出；* 和 COLUMNS 会输出明细行。' },
  'positional-reference': { en: 'Columns have names; #1 is not answered.', zh: '请使用列名；不支持 #1。' },
  lambda: { en: 'Lambdas are not answered.', zh: '不支持 lambda。' },
  collate: { en: 'COLLATE is not answered.', zh: '不支持 COLLATE。' },
  'default-value': { en: 'DEFAULT has no meaning in a question.', zh: '问题中不能使用 DEFAULT。' },
  try: {
    en: 'TRY and TRY_CAST are not answered: a failure would tell about rows.',
    zh: '不支持 TRY、TRY_CAST：失败会泄露数据。',
  },
  coalesce: { en: 'COALESCE and NULLIF are not answered; use CASE.', zh: '不支持 COALESCE、NULLIF，请使用 CASE。' },
  'grouping-function': { en: 'GROUPING is not answered.', zh: '不支持 GROUPING。' },
  'nested-value': { en: 'Lists and structures are not answered.', zh: '不支持列表和结构。' },
  cast: { en: 'Only constants can be cast, to the types of constants.', zh: '只能转换常数，且只能转为常数类型。' },
  function: { en: 'This function is not among those that may be asked.', zh: '该函数不在允许范围内。' },
  'qualified-function': { en: 'Functions are named without schema.', zh: '函数名不要写模式。' },
  extreme: {
    en: 'The smallest and the largest value are somebody’s: not answered.',
    zh: '最小值、最大值属于某个人，不予回答。',
  },
  quantile: { en: 'Quantiles, medians and modes are not answered.', zh: '不支持分位数、中位数、众数。' },
  'single-value': { en: 'A value of one row is not answered.', zh: '不回答单行的取值。' },
  collection: { en: 'Lists of values are not answered.', zh: '不回答取值列表。' },
  approximate: {
    en: 'Approximate functions are not answered; the figures have their own noise.',
    zh: '不支持近似函数；结果自带噪声。',
  },
  random: { en: 'Random functions are not answered.', zh: '不支持随机函数。' },
  'error-call': {
    en: 'The function error() is not answered: a failure would tell about rows.',
    zh: '不支持 error()：失败会泄露数据。',
  },
  pattern: { en: 'Patterns are not answered; name the values.', zh: '不支持模式匹配，请写明取值。' },
  environment: { en: 'Functions about the system are not answered.', zh: '不支持系统函数。' },

  // conditions
  'condition-shape': { en: 'A condition compares one column with constants.', zh: '条件只能将一列与常数比较。' },
  'constant-condition': { en: 'A condition needs a column.', zh: '条件必须包含列。' },
  'bare-column': { en: 'Compare the column with a value.', zh: '请将列与取值比较。' },
  'column-to-column': { en: 'Columns cannot be compared with each other.', zh: '不能将两列互相比较。' },
  'function-in-condition': {
    en: 'Conditions take columns, not functions of them.',
    zh: '条件中只能用列，不能用函数。',
  },
  'arithmetic-in-condition': {
    en: 'Conditions take columns, not arithmetic on them.',
    zh: '条件中只能用列，不能做运算。',
  },
  'distinct-from': {
    en: 'IS DISTINCT FROM is not answered; use = and IS NULL.',
    zh: '不支持 IS DISTINCT FROM，请用 = 和 IS NULL。',
  },
  'audience-name': {
    en: 'The condition in_audience takes the name of one audience.',
    zh: 'in_audience 只接受一个人群名称。',
  },
  'unknown-audience': { en: 'There is no such audience in the agreement.', zh: '协议中没有该人群。' },
  'audience-without-table': {
    en: 'Join the table whose people the audience is made of.',
    zh: '请关联该人群所属的表。',
  },
  'no-row-matches': { en: 'No row can ever fulfil this condition.', zh: '没有任何行能满足该条件。' },

  // constants
  'not-a-constant': { en: 'Only a constant can stand here.', zh: '此处只能是常数。' },
  'constant-type': { en: 'The constant is of another type than the column.', zh: '常数类型与列不符。' },
  'constant-form': { en: 'The constant cannot be read exactly.', zh: '无法精确读取该常数。' },
  'null-constant': { en: 'Nothing equals NULL; use IS NULL.', zh: '不能与 NULL 比较，请用 IS NULL。' },
  'constant-undeclared': {
    en: 'The value is not among those that the column declares.',
    zh: '该取值不在该列声明的取值内。',
  },
  'constant-off-grid': { en: 'The limit does not lie on the column’s grid.', zh: '该界限不在该列的刻度上。' },
  'constant-out-of-range': { en: 'The limit lies outside of the column’s range.', zh: '该界限超出该列的范围。' },
  'constant-order': { en: 'Categories have no order; name the values.', zh: '类别没有大小，请写明取值。' },

  // groups and outputs
  'row-level': { en: 'Rows are not answered; ask for figures, by groups.', zh: '不回答明细行；请按分组查询汇总数。' },
  'not-grouped': { en: 'This is not among the groups of GROUP BY.', zh: '该表达式不在 GROUP BY 中。' },
  'no-figure': { en: 'Ask for at least one figure.', zh: '请至少查询一个汇总数。' },
  'group-shape': {
    en: 'A group is a column, a unit of time, or cases over one column.',
    zh: '分组只能是列、时间单位或单列的 CASE。',
  },
  'group-finer-than-grid': { en: 'The groups would be finer than the column’s grid.', zh: '分组比该列的刻度更细。' },
  'group-by-instant': {
    en: 'Group a time by a unit: date_trunc or date_part.',
    zh: '时间列请用 date_trunc 或 date_part 分组。',
  },
  'not-a-time': { en: 'Units of time need a time column.', zh: '时间单位只能用于时间列。' },
  'time-unit': { en: 'This unit of time is not among those that may be asked.', zh: '不支持该时间单位。' },
  'case-branches': { en: 'CASE has at most 32 branches.', zh: 'CASE 最多 32 个分支。' },
  'case-columns': { en: 'The conditions of CASE are about one column.', zh: 'CASE 的条件只能涉及同一列。' },
  'case-result': { en: 'The results of CASE are texts or whole numbers.', zh: 'CASE 的结果只能是文本或整数。' },
  'output-shape': {
    en: 'An output is a group, a figure, or arithmetic on figures.',
    zh: '输出只能是分组、汇总数或汇总数的运算。',
  },
  'constant-output': { en: 'A constant by itself is no figure.', zh: '单独的常数不是汇总数。' },
  'count-of-column': {
    en: 'Count rows by count(*), people by count(DISTINCT person).',
    zh: '行数用 count(*)，人数用 count(DISTINCT person)。',
  },
  measure: { en: 'A sum goes over one column, without arithmetic inside.', zh: '求和只能针对一列，内部不能运算。' },
  'not-a-number': { en: 'Only numbers can be summed.', zh: '只能对数值列求和。' },
  'not-a-column': { en: 'Only a column can stand here.', zh: '此处只能是列。' },
  'distinct-aggregate': { en: 'DISTINCT is for counting people alone.', zh: 'DISTINCT 只能用于人数。' },
  'aggregate-order': { en: 'Figures have no ORDER BY inside.', zh: '汇总函数内不能有 ORDER BY。' },
  'filter-place': { en: 'FILTER belongs to a figure.', zh: 'FILTER 只能用于汇总函数。' },
  'export-state': { en: 'EXPORT_STATE is not answered.', zh: '不支持 EXPORT_STATE。' },

  // names and rights
  'unknown-column': { en: 'There is no such column that may be asked about.', zh: '没有可查询的该列。' },
  'ambiguous-column': { en: 'Several tables have this column; name the table.', zh: '多张表都有该列，请写明表名。' },
  'no-join': { en: 'The owner does not let this column be joined.', zh: '所有者不允许用该列关联。' },
  'no-filter': { en: 'The owner does not let this column be a condition.', zh: '所有者不允许用该列作条件。' },
  'place-in-question': {
    en: 'A place is no condition of a question in SQL: ask for who is within a radius with a rule of select.',
    zh: 'SQL 问题不能以位置为条件：请用 select 规则查询某半径范围内的人。',
  },
  'no-group': { en: 'The owner does not let this column be a group.', zh: '所有者不允许用该列分组。' },
  'no-aggregate': { en: 'The owner does not allow this figure of the column.', zh: '所有者不允许对该列作此汇总。' },
  'no-select': {
    en: 'The owner does not let this column decide who is in an audience.',
    zh: '所有者不允许用该列圈选人群。',
  },
  'no-receiver': {
    en: 'The owner does not give answers about this column to this receiver.',
    zh: '所有者不允许该接收方获得关于该列的结果。',
  },
  'no-purpose': { en: 'The owner does not allow this purpose for the column.', zh: '所有者不允许该列用于此目的。' },

  // after the data was read
  'audience-too-small': {
    en: 'The audience has fewer people than its owners and the agreement allow.',
    zh: '人群包人数少于所有者规则与协议的下限。',
  },
  difference: {
    en: 'The answer would differ from an earlier one by too few people.',
    zh: '该结果与此前的结果只相差极少数人。',
  },
  'too-fine': {
    en: 'Together with earlier answers this one would tell about too few people.',
    zh: '与此前的结果合在一起会暴露极少数人。',
  },
} as const satisfies Readonly<Record<string, Words>>;
