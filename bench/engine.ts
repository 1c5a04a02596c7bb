/**
 * The data engine on a file of people: scanning alone, then every task in its own process, with rows per second and the process's peak
 * memory. `node bench/engine.ts [rows] [memory limit in MiB] [folder]`; one JSON line per step.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CleanRows } from '../server/engine/import/clean-rows.ts';
import { Engine } from '../server/engine/index.ts';
import { DelimitedScanner } from '../server/engine/read/delimited.ts';
import { openSource, readAll } from '../server/engine/read/source.ts';

const rowCount = Number(process.argv[2] ?? 1_000_000);
const memoryMib = Number(process.argv[3] ?? 768);
const folder = process.argv[4] ?? join(tmpdir(), 'causeway-bench-engine');
const path = join(folder, `people-${rowCount}.csv`);

mkdirSync(folder, { recursive: true });
if (!existsSync(path)) writePeople(path, rowCount);
console.log(
  JSON.stringify({ rowCount, memoryMib, bytes: statSync(path).size, cpu: cpus()[0]?.model, node: process.version }),
);

await step('scan', async () => {
  const rows = new CleanRows();
  const columns = Int32Array.of(1, 2, 3, 4);
  const sink = {
    record: (record: Parameters<CleanRows['record']>[0]) => rows.record(record, columns),
    emptyLine: () => {},
  };
  const scanner = new DelimitedScanner({ path, dialect: { delimiter: 0x2c, quote: 'double' }, sink });
  const source = await openSource(path);
  for await (const chunk of readAll(source).chunks) {
    scanner.write(chunk);
    rows.take();
  }
  scanner.end();
  await source.close();
});

const engine = new Engine({ spillFolder: join(folder, 'spill'), memoryLimitBytes: memoryMib * 1024 * 1024 });
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
const matched = join(folder, 'matched.bin');
writeEveryThird(matched, rowCount);
await step('copyRows', () =>
  engine.copyRows({ path, reading: report.reading, rows: matched, to: join(folder, 'matched.csv') }),
);
await step('exportRows', () =>
  engine.exportRows({ parquet, rows: matched, columns: ['mobile', 'city', 'age'], to: join(folder, 'audience.csv') }),
);
await engine.close();
rmSync(dataset, { recursive: true });

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  console.log(
    JSON.stringify({
      step: name,
      seconds: +seconds.toFixed(2),
      rowsPerSecond: Math.round(rowCount / seconds),
      peakMib: peakMib(),
    }),
  );
  return result;
}

/** Of the engine's process, since it was started; 0 before that. */
function peakMib(): number {
  const list = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const pid = list
    .split('\n')
    .find((line) => line.includes('engine/worker.ts'))
    ?.trim()
    .split(' ')[0];
  if (pid === undefined) return 0;
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}

/** Mostly clean numbers and addresses, some as people write them; all made up. */
function writePeople(to: string, count: number): void {
  const cities = ['上海', '北京', '广州', '深圳', '成都', '杭州'];
  const file = openSync(to, 'w');
  let text = 'id,mobile,email,city,age\n';
  for (let i = 0; i < count; i++) {
    const mobile = 13_000_000_000 + ((i * 7919) % 1_000_000_000);
    const written = i % 17 === 0 ? `+86 ${mobile}` : i % 1001 === 0 ? '1.38E+10' : mobile;
    text += `${i},${written},user${(i * 31) % count}@${i % 5 === 0 ? 'Gmail.com' : 'example.com'},${cities[i % 6]},${18 + (i % 60)}\n`;
    if (text.length > 4_000_000) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

function writeEveryThird(to: string, count: number): void {
  const file = openSync(to, 'w');
  for (let from = 0; from < count; from += 3_000_000) {
    const rows = Uint32Array.from({ length: Math.ceil(Math.min(3_000_000, count - from) / 3) }, (_, i) => from + 3 * i);
    writeSync(file, new Uint8Array(rows.buffer));
  }
  closeSync(file);
}
