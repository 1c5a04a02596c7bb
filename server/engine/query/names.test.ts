import { bytesToHex } from '@causeway/core/bytes';
import { trueNumbers } from '@causeway/core/policy/query';
import { expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { compiled, run } from './testing/ask.ts';
import { roomData } from './testing/data.ts';
import { openParser } from './testing/parser.ts';
import { catalogueOf } from './testing/rules.ts';

const groups = [
  '',
  'city',
  'tier',
  'tier, city',
  "CASE WHEN age < 30 THEN 'a' ELSE 'a' END",
  "CASE WHEN tier = '1' THEN 1 WHEN tier IS NULL THEN 2 ELSE 1 END",
  'channel',
  'channel, tier',
  "CASE WHEN channel = 'feed' THEN 1 ELSE 2 END",
  `date_part('month', "at")`,
];
const conditions = [
  '',
  "tier = '1'",
  "tier IS NULL OR tier = '2'",
  "city = '上海'",
  'age < 30',
  "channel <> 'feed'",
  `"at" < DATE '2026-02-01'`,
];
const figures = 'count(*), count(DISTINCT person), sum(value), avg(age)';

/**
 * Noise is drawn by a number's name. Were one name given to two different numbers, the difference of two answers would be theirs, without any noise.
 */
it('[F70] numbers of one name are one number, also over rows that no rule declares', { timeout: 240_000 }, async () => {
  const data = await roomData(testFolder(), 300);
  const junk = (column: string, bad: string, share: number) =>
    `CASE WHEN hash('${column}', person) % 100 < ${share} THEN ${bad} ELSE ${column} END AS ${column}`;
  await data.replace(
    'crm',
    `SELECT * REPLACE (${junk('city', "'nowhere'", 5)}, ${junk('tier', "'9'", 5)}, ${junk('age', '-5', 5)}) FROM crm`,
  );
  await data.replace(
    'visits',
    `SELECT * REPLACE (CASE WHEN event_id % 20 = 0 THEN NULL ELSE channel END AS channel,
      CASE WHEN event_id % 20 = 1 THEN -1 ELSE epoch("at")::BIGINT END AS "at",
      CASE WHEN event_id % 20 = 2 THEN 9223372036854775807 ELSE value END AS value) FROM visits`,
  );
  const parser = await openParser();
  const catalogue = catalogueOf({ perPerson: { rows: 3, groups: 2 }, clip: { low: -5000, high: 5000 } });
  const known = new Map<string, { number: bigint; text: string }>();
  let shared = 0;
  for (const group of groups) {
    for (const condition of conditions) {
      const text = `SELECT ${group === '' ? '' : `${group}, `}${figures} FROM visits JOIN crm USING (person)
        ${condition === '' ? '' : `WHERE ${condition}`} ${group === '' ? '' : `GROUP BY ${group}`}`;
      const query = await compiled(text, parser, catalogue);
      const numbers = trueNumbers(query, await run(query, data));
      query.vectors.forEach(({ keys, measure, question }, i) => {
        for (const [place, key] of keys.entries()) {
          const number = numbers[i]![place]!;
          const before = known.get(bytesToHex(key));
          const { kind } = query.plan.questions[question]!.measures[measure]!;
          if (before !== undefined) expect(number, `${kind}\n${text}\n${before.text}`).toBe(before.number);
          if (before !== undefined && before.text !== text) shared++;
          known.set(bytesToHex(key), { number, text });
        }
      });
    }
  }
  parser.close();
  expect(shared).toBeGreaterThan(100);
});
