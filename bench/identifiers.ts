/**
 * Rows per second of the normalise step for phone + email together, over a DuckDB table as dirty as real files are.
 *
 *     node bench/identifiers.ts [ROWS] [THREADS]
 */

import { normaliseSelect, parseProfile } from '@causeway/core/identifiers';
import { DuckDBInstance } from '@duckdb/node-api';

const rows = Number(process.argv[2] ?? 2_000_000);
const threads = process.argv[3] ?? '2';
const runs = 5;

const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();

await connection.run(`
  CREATE TABLE people AS
  WITH seeds AS (SELECT i, (hash(i) >> 2)::BIGINT AS a, (hash(i + 1_000_000_007) >> 2)::BIGINT AS b FROM range(${rows}) r(i)),
  clean AS (
    SELECT i, a % 100 AS dirt, b % 100 AS mail_dirt,
      '1' || (3 + a % 7) || lpad((b % 1_000_000_000)::VARCHAR, 9, '0') AS mobile,
      (['zhang', 'wang.li', 'chen', 'j.smith', 'liu_yang', 'user'])[1 + b % 6] || (a % 90_000_000) || '@'
        || (['qq.com', '163.com', 'gmail.com', 'hotmail.com', 'company.com.cn'])[1 + a % 5] AS mail
    FROM seeds)
  SELECT
    CASE WHEN dirt < 70 THEN mobile
         WHEN dirt < 78 THEN '+86' || mobile
         WHEN dirt < 82 THEN '0086' || mobile
         WHEN dirt < 88 THEN mobile[1:3] || '-' || mobile[4:7] || '-' || mobile[8:]
         WHEN dirt < 93 THEN mobile[1:3] || ' ' || mobile[4:7] || ' ' || mobile[8:]
         WHEN dirt < 94 THEN translate(mobile, '0123456789', '０１２３４５６７８９')
         WHEN dirt < 95 THEN '''' || mobile
         WHEN dirt < 96 THEN mobile || '.0'
         WHEN dirt < 97 THEN '1.38E+10'
         WHEN dirt < 98 THEN '11111111111'
         WHEN dirt < 99 THEN '' ELSE NULL END AS phone,
    CASE WHEN mail_dirt < 70 THEN mail
         WHEN mail_dirt < 85 THEN upper(mail[1]) || mail[2:]
         WHEN mail_dirt < 90 THEN upper(mail)
         WHEN mail_dirt < 94 THEN ' ' || mail || ' '
         WHEN mail_dirt < 95 THEN replace(mail, '@', '＠')
         WHEN mail_dirt < 97 THEN 'N/A'
         WHEN mail_dirt < 98 THEN replace(mail, '@', '#')
         ELSE NULL END AS email
  FROM clean`);
await connection.run(`ALTER TABLE people ADD COLUMN hashed VARCHAR`);
await connection.run(
  `UPDATE people SET hashed = CASE WHEN random() < 0.5 THEN upper(sha256(phone)) ELSE sha256(phone) END`,
);

const cases = [['phone'], ['email'], ['phone', 'email'], ['phone:e164', 'email:uid2'], ['oaid/sha256']];
for (const profiles of cases) {
  const columns = profiles.map(parseProfile).map((profile) => ({
    profile,
    column: profile.digests.length > 0 ? 'hashed' : profile.type,
    as: `my_${profile.type}`,
  }));
  const counts = columns.flatMap(({ as }) => [`count(${as})`, `count(${as}_change)`, `count(${as}_refusal)`]);
  const query = `SELECT ${counts.join(', ')} FROM (${normaliseSelect('people', columns)})`;
  const seconds: number[] = [];
  const cpuNanos: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    await connection.runAndReadAll(query);
    seconds.push((performance.now() - start) / 1000);
    const used = process.cpuUsage(cpu);
    cpuNanos.push(((used.user + used.system) * 1000) / rows);
  }
  seconds.sort((a, b) => a - b);
  cpuNanos.sort((a, b) => a - b);
  const median = seconds[runs >> 1]!;
  const rate = (time: number) => `${(rows / time / 1e6).toFixed(2)} M rows/s`;
  const spread = `${rate(seconds[runs - 1]!)} … ${rate(seconds[0]!)}`;
  const cpuNs = cpuNanos[runs >> 1]!.toFixed(0);
  console.log(
    `${profiles.join(' + ').padEnd(24)} median ${rate(median)} (${spread}), ${cpuNs} ns of processor time a row`,
  );
}
console.log(
  `${rows} rows, ${threads} threads, DuckDB ${(await connection.runAndReadAll('SELECT version()')).getRows()[0]![0]}`,
);
