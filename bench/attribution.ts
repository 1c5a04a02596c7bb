/**
 * An attribution of generated exposures and orders: repeated deliveries taken out, events sorted by DuckDB, every model over them. One process, so its peak
 * memory is that of the whole.
 *
 *   node bench/attribution.ts [--exposures 10000000] [--orders 1000000] [--memory 1800] [--folder DIR] [--save]
 *
 * `--memory` is the limit of the engine's process in MiB, of which DuckDB is given its part. `--save` keeps the figures in bench/results/attribution.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type AttributionSource,
  attributionCells,
  daySeconds,
  defaultAttribution,
  explorePaths,
  JourneyCollector,
  type PathModel,
  type Placement,
  pathCredits,
  placementsSql,
  reportAttribution,
  streamSql,
} from '@causeway/core/applications/attribution';
import { uniqueEventsSql } from '@causeway/core/applications/events';
import { DuckDBInstance } from '@duckdb/node-api';
import { Database, parquetTable, sqlText } from '../server/engine/database.ts';
import { systemDisk } from '../server/engine/disk.ts';
import { journeyBatches } from '../server/engine/journey-batches.ts';

const { values: options } = parseArgs({
  options: {
    exposures: { type: 'string', default: '10000000' },
    orders: { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '1800' },
    folder: { type: 'string', default: join(tmpdir(), 'causeway-bench-attribution') },
    save: { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
});
const [exposures, orders, memoryMib] = [options.exposures, options.orders, options.memory].map(Number) as [
  number,
  number,
  number,
];
const { folder } = options;
const path = join(folder, `events-${exposures}-${orders}.parquet`);
const from = Date.UTC(2026, 5, 1) / 1000;
const settings = { ...defaultAttribution, period: { from, until: from + 30 * daySeconds } };
const models: readonly PathModel[] = ['markov-1', 'markov-2', 'markov-3', 'shapley', 'shapley-rate'];

interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** Of the process so far. */
  readonly peakMib: number;
}

if (options.child) await measure();
else await report();

/** The data are made in this process, the measuring is done in one of its own. */
async function report(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) await writeEvents();
  const loadAverage = Number(loadavg()[0]!.toFixed(1));
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--child', ...process.argv.slice(2)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the measuring process ended with ${run.status ?? run.signal}`);
  const { steps, ...facts } = JSON.parse(run.stdout) as { steps: Step[] };
  console.table(steps);
  console.log(JSON.stringify(facts));
  if (!options.save) return;
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const file = join(import.meta.dirname, 'results', 'attribution.json');
  writeFileSync(
    file,
    `${JSON.stringify({ machine, loadAverage, exposures, orders, memoryMib, ...facts, steps }, null, 2)}\n`,
  );
}

/** A third as many people as exposures, some of them seen far more often; ten channels, orders of one person in twenty; 1 % delivered twice. */
async function writeEvents(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const people = Math.ceil(exposures / 3);
  const person = (bits: string) => `CAST(floor(${people} * power((${bits} % 1000003) / 1000003.0, 1.5)) AS UINTEGER)`;
  const event = (i: string, kind: string, value: string) =>
    `CAST(${i} AS UHUGEINT) AS event_id, ${kind} AS kind, ${value} AS value`;
  await connection.run(`COPY (
    SELECT ${person('hash(i)')} AS person, ${from} - 15 * 86400 + hash(i + 1) % (45 * 86400) AS "at", 480 AS zone,
      'channel ' || (hash(i + 2) % 10) * (hash(i + 3) % 10) // 9 AS channel, 'campaign ' || hash(i + 4) % 20 AS campaign, 'creative ' || hash(i + 5) % 3 AS creative,
      28 AS cost, 'CNY' AS currency, CAST(0 AS UHUGEINT) AS order_ref, ${event('least(i, i // 100 * 100 + 98)', '0', '0')} FROM range(${exposures}) AS t(i)
    UNION ALL
    SELECT ${person('hash(i + 7)')}, ${from} + hash(i + 8) % (30 * 86400), 480, '', '', '', 0, 'CNY', CAST(i + 1 AS UHUGEINT),
      ${event('i', '3', '1000 + hash(i + 9) % 100000')} FROM range(${orders}) AS t(i)
  ) TO ${sqlText(path)} (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

async function measure(): Promise<void> {
  const steps: Step[] = [];
  const step = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(cpu);
    steps.push({
      step: name,
      seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
      cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
      peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
    });
    return result;
  };
  const work = join(folder, 'work');
  mkdirSync(work, { recursive: true });
  const context = {
    taskId: 'bench',
    folder: work,
    memoryLimitBytes: memoryMib * 2 ** 20,
    threads: 2,
    signal: new AbortController().signal,
    disk: systemDisk,
    hashTexts: undefined,
    onProgress: () => {},
  };
  const database = await Database.open(context, { files: [path] });
  const unique = join(work, 'unique.parquet');
  await step('take repeated deliveries out', () =>
    database.run(`COPY (${uniqueEventsSql(parquetTable(path))}) TO ${sqlText(unique)} (FORMAT parquet)`),
  );
  const source: AttributionSource = { events: parquetTable(unique), currencies: ['CNY'] };
  const placements = await step('list placements', async () => {
    await database.run(`CREATE TEMP TABLE placements AS ${placementsSql(source, settings)}`);
    const rows = await database.rows('SELECT channel, campaign, creative, audience FROM placements ORDER BY placement');
    return rows.map(
      ([channel, campaign, creative, audience]) => ({ channel, campaign, creative, audience }) as Placement,
    );
  });
  const collected = await step('sort, and share out every order by five rules', async () => {
    const collector = new JourneyCollector({ settings, placements, currencies: source.currencies });
    for await (const batch of journeyBatches(database, streamSql(source, settings, 'placements'))) collector.add(batch);
    return collector.finish();
  });
  const credits = await step('Markov of orders 1, 2, 3, Shapley of orders and rates, 200 resamples', () =>
    pathCredits(collected, models),
  );
  await step('paths and report', () => {
    explorePaths(collected, 50);
    reportAttribution(attributionCells(collected, { pathCredits: credits, costs: [], digits: { CNY: 2 } }));
  });
  database.close();
  rmSync(work, { recursive: true });
  const journeys = collected.tree.journeys();
  const total = steps.reduce(
    (sum, { seconds, cpuSeconds }) => ({ seconds: sum.seconds + seconds, cpuSeconds: sum.cpuSeconds + cpuSeconds }),
    { seconds: 0, cpuSeconds: 0 },
  );
  const facts = {
    placements: placements.length,
    touched: collected.counts.touched,
    people: journeys.persons.reduce((sum, persons) => sum + persons, 0),
    distinctJourneys: journeys.persons.length,
    distinctPaths: collected.tree.paths().counts.length,
    seconds: Number(total.seconds.toFixed(1)),
    cpuSeconds: Number(total.cpuSeconds.toFixed(1)),
    peakMib: Math.max(...steps.map(({ peakMib }) => peakMib)),
  };
  process.stdout.write(JSON.stringify({ ...facts, steps }));
}
