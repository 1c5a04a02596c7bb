/**
 * The data engine on a file of people: the scanner alone, then every task in its own process, with rows per second and the peak memory
 * of that process so far.
 *
 *   node bench/engine.ts [--rows N] [--memory MIB] [--folder DIR] [--save]
 *
 * `--save` puts the figures for this number of rows into `bench/results/engine.json`.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CleanRows } from '../server/engine/import/clean-rows.ts';
import { Engine } from '../server/engine/index.ts';
import { DelimitedScanner } from '../server/engine/read/delimited.ts';
import { openSource, readAll } from '../server/engine/read/source.ts';
import { keepAmong, machine } from './report.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '768' },
    folder: { type: 'string', default: join(tmpdir(), 'causeway-bench-engine') },
    save: { type: 'boolean', default: false },
  },
});
const rowCount = Number(options.rows);
const memoryMib = Number(options.memory);
const { folder } = options;
const path = join(folder, `people-${rowCount}.csv`);

interface Step {
  readonly step: string;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly peakMib: number;
}

const steps: Step[] = [];
mkdirSync(folder, { recursive: true });
if (!existsSync(path)) writePeople(path, rowCount);
console.log(`${rowCount} rows, ${Math.round(statSync(path).size / 2 ** 20)} MiB, limit ${memoryMib} MiB`);

await step('scan', scan);
const engine = new Engine({ spillFolder: join(folder, 'spill'), memoryLimitBytes: memoryMib * 2 ** 20 });
const dataset = join(folder, 'dataset');
await step('inspect', () => engine.inspect({ path }));
const report = await step('importDataset', () =>
  engine.importDataset({
    path,
    ids: [
      { column: 'mobile', profile: 'phone' },
      { column: 'email', profile: 'email' },
    ],
    attributes: [
      { column: 'city', grade: 'public' },
      { column: 'age', grade: 'internal' },
    ],
    folder: dataset,
  }),
);
const { path: parquet, sha256 } = report.parquet;
const to = { keys: join(folder, 'keys.bin'), rows: join(folder, 'rows.bin') };
await step('extractKeys', () =>
  engine.extractKeys({ parquet, sha256, column: 'mobile', liftTo: 'phone', contextHex: '00ff', to }),
);
const rows = join(folder, 'matched.bin');
writeEveryThird(rows, rowCount);
const [matched, audience] = [join(folder, 'matched.csv'), join(folder, 'audience.csv')];
await step('copyRows', () => engine.copyRows({ path, reading: report.reading, rows, to: matched }));
await step('exportRows', () =>
  engine.exportRows({ parquet, rows, columns: ['mobile', 'city', 'age'], minimumRows: 50, to: audience }),
);
await engine.close();
for (const left of [dataset, to.keys, to.rows, rows, matched, audience]) rmSync(left, { recursive: true });
console.table(steps);
if (options.save) save();

/** Bytes to clean rows of four columns, without DuckDB. */
async function scan(): Promise<void> {
  const clean = new CleanRows();
  const columns = Int32Array.of(1, 2, 3, 4);
  const sink = {
    record: (record: Parameters<CleanRows['record']>[0]) => clean.record(record, columns),
    emptyLine: () => {},
  };
  const scanner = new DelimitedScanner({ path, dialect: { delimiter: 0x2c, quote: 'double' }, sink });
  const source = await openSource(path);
  for await (const chunk of readAll(source).chunks) {
    scanner.write(chunk);
    clean.take();
  }
  scanner.end();
  await source.close();
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const figures = {
    step: name,
    seconds: Number(seconds.toFixed(2)),
    rowsPerSecond: Math.round(rowCount / seconds),
    peakMib: peakMib(),
  };
  steps.push(figures);
  console.log(JSON.stringify(figures));
  return result;
}

/** Of the engine's process, since it was started; 0 where it has ended. */
function peakMib(): number {
  const list = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const line = list.split('\n').find((entry) => entry.includes('engine/worker.ts'));
  if (line === undefined) return 0;
  const status = readFileSync(`/proc/${Number.parseInt(line, 10)}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function save(): void {
  keepAmong('engine', { machine: machine(), rowCount, memoryMib, steps }, (of) => [of.rowCount]);
}

/** Mostly clean numbers and addresses, some as people write them; all made up. */
function writePeople(file: string, count: number): void {
  const cities = ['上海', '北京', '广州', '深圳', '成都', '杭州'];
  const output = openSync(file, 'w');
  let text = 'id,mobile,email,city,age\n';
  for (let i = 0; i < count; i++) {
    const mobile = 13_000_000_000 + ((i * 7919) % 1_000_000_000);
    const written = i % 17 === 0 ? `+86 ${mobile}` : i % 1001 === 0 ? '1.38E+10' : mobile;
    const domain = i % 5 === 0 ? 'Gmail.com' : 'example.com';
    text += `${i},${written},user${(i * 31) % count}@${domain},${cities[i % 6]},${18 + (i % 60)}\n`;
    if (text.length > 4_000_000) {
      writeSync(output, text);
      text = '';
    }
  }
  writeSync(output, text);
  closeSync(output);
}

function writeEveryThird(file: string, count: number): void {
  const output = openSync(file, 'w');
  for (let from = 0; from < count; from += 3_000_000) {
    const length = Math.ceil(Math.min(3_000_000, count - from) / 3);
    writeSync(output, new Uint8Array(Uint32Array.from({ length }, (_, i) => from + 3 * i).buffer));
  }
  closeSync(output);
}
