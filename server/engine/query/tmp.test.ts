import { appendFileSync } from 'node:fs'; const log = (...a: unknown[]) => appendFileSync('/tmp/pol/log', a.map(String).join(' ') + '\n');
import { it } from 'vitest';
import { compileQuery } from '@causeway/core/policy/query';
import { runQuery } from './run.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { roomData } from './testing/data.ts';
import { openParser } from './testing/parser.ts';
import { asker, catalogueOf } from './testing/rules.ts';
it('x', { timeout: 600000 }, async () => {
  const data = await roomData(testFolder(), 100000);
  const parser = await openParser();
  log(await data.plain('select (select count(*) from visits), (select count(*) from crm)'));
  const big = Array.from({length: 60}, (_, i) => `(age = ${18+i} AND city <> '上海' AND channel = '${['feed','search','splash'][i%3]}' AND value > ${i*7} AND "at" >= DATE '2026-0${1+i%3}-0${1+i%9}')`).join(' OR ');
  for (const [text, perPerson] of [
    ["select city, count(*) from crm group by city", {rows:10,groups:3}],
    ["select date_trunc('day', \"at\") d, count(*), sum(value) from visits group by d", {rows:10,groups:1000}],
    ["select date_trunc('day', \"at\") d, count(*), sum(value) from visits group by d", {rows:10,groups:3}],
    ["select date_trunc('hour', \"at\") d, count(*) from visits group by d", {rows:10,groups:1000}],
    [`select city, count(*) from visits join crm using (person) where ${big} group by city`, {rows:10,groups:3}],
  ] as const) {
    try {
    const t0 = process.cpuUsage();
    const query = compileQuery({ tree: await parser.tree(text), catalogue: catalogueOf({perPerson}), asker });
    const t1 = process.cpuUsage(t0); const s = process.cpuUsage(); const w = performance.now();
    const raw = await runQuery({ plan: query.plan, tables: data.tables, audiences: data.audiences, cutKey: 'a'.repeat(64), timeLimitMs: 300000 }, testContext());
    const c = process.cpuUsage(s);
    log(text.slice(0, 80), 'compile ms', t1.user/1000, 'nodes', query.plan.questions[0]!.filter.nodes.length, 'run cpu s', (c.user+c.system)/1e6, 'wall', (performance.now()-w)/1000, 'rss', process.memoryUsage.rss()/1e6, raw.questions[0]!.cells.length);
    } catch (e) { log(text.slice(0,80), e.code, e.message); }
  }
});
