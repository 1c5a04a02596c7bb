/**
 * An attribution of generated exposures and orders by every model: the engine's task on one owner's own rows, with intervals from 200 resamples and the explorer
 * of paths; and the numbers that are told with noise, with the report made of them. Each in a process of its own, so its peak memory is that of the whole.
 *
 *   node bench/attribution.ts [--exposures 10000000] [--orders 1000000] [--memory 1800] [--folder DIR] [--save]
 *
 * `--memory` is the limit of the engine's process in MiB, of which DuckDB is given its part. `--save` keeps the figures in bench/results/attribution.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileReport, parseReportRequest, presentReport, withReportNoise } from '@causeway/core/applications/request';
import { parseCatalogue } from '@causeway/core/policy/query';
import { DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from '../server/engine/database.ts';
import { systemDisk } from '../server/engine/disk.ts';
import { runReport } from '../server/engine/report/run.ts';
import { keep, machine } from './report.ts';

const { values: options } = parseArgs({
  options: {
    exposures: { type: 'string', default: '10000000' },
    orders: { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '1800' },
    folder: { type: 'string', default: join(tmpdir(), 'causeway-bench-attribution') },
    save: { type: 'boolean', default: false },
    child: { type: 'string' },
  },
});
const [exposures, orders, memoryMib] = [options.exposures, options.orders, options.memory].map(Number) as [
  number,
  number,
  number,
];
const { folder } = options;
const path = join(folder, `events-${exposures}-${orders}-named.parquet`);
const daySeconds = 86_400;
/** 2026-06-01 00:00 in Beijing. */
const from = Date.UTC(2026, 4, 31, 16) / 1000;
const names = (what: string, count: number) => Array.from({ length: count }, (_, i) => `${what} ${i}`);

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['measurement'],
  receivers: ['brand', 'shop'],
};
const category = (name: string, values: readonly string[]) => ({
  ...{ name, type: 'category', values, isNullable: true, group: true, filter: 'declared' },
  ...rights,
});
const id = (name: string) => ({ name, type: 'key', join: false, aggregates: ['count'], ...rights });
const money = (name: string) => ({
  ...{ name, type: 'money', currency: 'CNY', min: 0, max: 10 ** 9, grid: 1, isNullable: false, group: false },
  ...{ filter: 'no', aggregates: ['sum'], clip: { low: 0, high: 10 ** 6 } },
  ...rights,
});
const at = { name: 'at', type: 'time', from: '2026-05-01', to: '2026-07-15', grid: 'day', isNullable: false };
const catalogue = parseCatalogue({
  network: 'bench',
  zone: '+08:00',
  epoch: '0'.repeat(64),
  tables: [
    {
      ...{ name: 'events', owner: 'shop', subjects: 'people', kind: 'event', person: 'person' },
      columns: [
        id('person'),
        { ...at, group: true, filter: 'range', ...rights },
        category('kind', ['exposure', 'order']),
        category('channel', names('channel', 10)),
        category('campaign', names('campaign', 20)),
        category('creative', names('creative', 3)),
        money('cost'),
        money('value'),
        id('event_id'),
        id('order_ref'),
      ],
    },
  ],
  audiences: [],
});

const rules = ['first', 'last', 'linear', 'position', 'decay'];
const requests = {
  /** Every model and dimension. */
  own: {
    dimensions: ['channel', 'campaign', 'creative', 'audience'],
    models: [...rules, 'markov-1', 'markov-2', 'markov-3', 'shapley', 'shapley-rate'],
  },
  /** As many numbers as may be told at once. */
  noise: {
    ...{
      dimensions: ['channel', 'campaign', 'creative'],
      models: [...rules, 'markov-1', 'markov-2', 'shapley', 'shapley-rate'],
    },
    ...{ ordersMax: 2, valueMax: 100_000, pathLengthMax: 10 },
  },
} as const;
type Kind = keyof typeof requests;

interface Measured {
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  readonly peakMib: number;
  readonly tables: number;
}

if (options.child === undefined) await report();
else process.stdout.write(JSON.stringify(await measure(options.child as Kind)));

/** The data are made in this process, the measuring is done in others. */
async function report(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) await writeEvents();
  const measured = Object.fromEntries((Object.keys(requests) as Kind[]).map((kind) => [kind, child(kind)]));
  console.table(measured);
  if (options.save) keep('attribution', { machine: machine(), exposures, orders, memoryMib, ...measured });
}

function child(kind: Kind): Measured {
  const args = [fileURLToPath(import.meta.url), '--child', kind, ...process.argv.slice(2)];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (run.status !== 0) throw new Error(`the measuring process ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as Measured;
}

/** A third as many people as exposures, some of them seen far more often; ten channels, orders of one person in twenty; 1 % delivered twice. */
async function writeEvents(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const people = Math.ceil(exposures / 3);
  const person = (bits: string) => `CAST(floor(${people} * power((${bits} % 1000003) / 1000003.0, 1.5)) AS UINTEGER)`;
  const event = (i: string, kind: string, value: string) =>
    `CAST(${i} AS UHUGEINT) AS event_id, '${kind}' AS kind, ${value} AS value`;
  await connection.run(`COPY (
    SELECT ${person('hash(i)')} AS person, CAST(${from} - 15 * 86400 + hash(i + 1) % (45 * 86400) AS BIGINT) AS "at",
      'channel ' || (hash(i + 2) % 10) * (hash(i + 3) % 10) // 9 AS channel, 'campaign ' || hash(i + 4) % 20 AS campaign, 'creative ' || hash(i + 5) % 3 AS creative,
      28 AS cost, CAST(0 AS UHUGEINT) AS order_ref, ${event('least(i, i // 100 * 100 + 98)', 'exposure', '0::BIGINT')} FROM range(${exposures}) AS t(i)
    UNION ALL
    SELECT ${person('hash(i + 7)')}, CAST(${from} + hash(i + 8) % (30 * 86400) AS BIGINT), '', '', '', 0, CAST(i + 1 AS UHUGEINT),
      ${event('i', 'order', 'CAST(1000 + hash(i + 9) % 100000 AS BIGINT)')} FROM range(${orders}) AS t(i)
  ) TO ${sqlText(path)} (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

async function measure(kind: Kind): Promise<Measured> {
  const work = join(folder, `work-${kind}`);
  mkdirSync(work, { recursive: true });
  const context = {
    ...{ taskId: 'bench', folder: work, memoryLimitBytes: memoryMib * 2 ** 20, threads: 2 },
    ...{ signal: new AbortController().signal, disk: systemDisk, hashTexts: undefined, onProgress: () => {} },
  };
  const request = parseReportRequest({
    application: 'attribution',
    events: ['events'],
    period: { from, until: from + 30 * daySeconds },
    currencies: [{ code: 'CNY', digits: 2 }],
    ...requests[kind],
  });
  const isOwn = kind === 'own';
  const asker = { receivers: [isOwn ? 'shop' : 'brand'], group: 'bench', purpose: 'measurement' };
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const compiled = compileReport({ request, catalogue, asker });
  const tables = [{ name: 'events', files: [path] }];
  const input = { request, catalogue, tables, audiences: [], isOwn, timeLimitMs: 3_600_000 };
  const made = await runReport(input, context);
  if ('numbers' in made) {
    const numbers = Object.fromEntries(
      Object.entries(made.numbers).map(([name, values]) => [name, values.map(BigInt)] as const),
    );
    presentReport(compiled, withReportNoise(compiled, numbers, new Uint8Array(32).fill(1)));
  }
  const { user, system } = process.cpuUsage(cpu);
  rmSync(work, { recursive: true });
  return {
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
    tables: compiled.tables.length,
  };
}
