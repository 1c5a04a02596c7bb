/**
 * How long join/sum takes: both roles in this process, on the native kernel, with nothing between them but memory.
 *
 *   node bench/join-sum.ts [--rows 1000000] [--cells 20] [--columns 4] [--runs 3] [--save]
 *
 * Prints seconds (median and range), CPU seconds of all threads, bytes of each direction, and what each kernel call took of it; `--save` keeps
 * them in bench/results/join-sum.json.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { SumKernel, SumPlan } from '../core/protocols/join-sum/index.ts';
import { newLogs, play, resultsOf } from '../core/protocols/join-sum/testing/both-roles.ts';
import { openKernel, systemRandom } from '../native/index.ts';
import { openSumKernel } from '../native/sum/index.ts';
import { keep, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    cells: { type: 'string', default: '20' },
    columns: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
  },
});
const [rowCount, cellCount, columnCount, runs] = [values.rows, values.cells, values.columns, values.runs].map(
  Number,
) as [number, number, number, number];

const plan: SumPlan = {
  tables: [
    { name: 'all', cellCount: 1, cellsPerRow: 1 },
    { name: 'segment', cellCount, cellsPerRow: 1 },
  ],
  // 24 bits: cents up to 160,000.00.
  columns: Array.from({ length: columnCount }, (_, i) => ({ name: `v${i}`, min: 0, max: 2 ** 24 - 1, squares: false })),
  groupCount: 1,
  minimumGroupRows: 50,
  movesEdge: true,
  protection: { kind: 'exact' },
};

/** Every other row of the sender's is in the receiver's list. */
function lists() {
  const keys = systemRandom.bytes(16 * (rowCount + rowCount / 2));
  const cells = new Uint16Array(2 * rowCount);
  const amounts = new Float64Array(columnCount * rowCount);
  for (let row = 0; row < rowCount; row++) {
    cells[2 * row + 1] = 1 + (row % cellCount);
    for (let i = 0; i < columnCount; i++)
      amounts[row * columnCount + i] = row % 3 === 0 ? 0 : (row * 7919 + i) % 2 ** 24;
  }
  return {
    receiver: keys.subarray(8 * rowCount),
    sender: { keys: keys.subarray(0, 16 * rowCount), cells, values: amounts },
  };
}

const kernel = await openKernel();
const sums = openSumKernel();
if (!sums) throw new Error('the native library is not there');
const { receiver, sender } = lists();
const results: { seconds: number; cpuSeconds: number; calls: Record<string, number> }[] = [];
let bytes = { toReceiver: 0, toSender: 0 };

for (let i = 0; i < runs; i++) {
  const calls: Record<string, number> = {};
  const timed = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const member = Reflect.get(of, name) as unknown;
        if (typeof member !== 'function') return member;
        return async (...all: unknown[]) => {
          const from = performance.now();
          const result = await (member as (...args: unknown[]) => unknown).apply(of, all);
          const key = String(name);
          calls[key] = (calls[key] ?? 0) + (performance.now() - from) / 1000;
          return result;
        };
      },
    });
  const ports = {
    kernel: timed(kernel),
    sorter: timed(kernel),
    sums: timed<SumKernel>(sums),
    sha256: () => createHash('sha256'),
    peerRows: { min: 1000, max: 2 ** 22 },
    keep: async (_: string, compute: () => Promise<Uint8Array>) => compute(),
  };
  const logs = newLogs();
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  const played = await play(
    {
      plan,
      groups: [receiver],
      rows: sender,
      seed: `bench/${i}`,
      batchRows: 2 ** 14,
      changes: { receiver: ports, sender: ports },
    },
    logs,
  );
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - from) / 1000;
  const { figures } = resultsOf(played).receiver;
  if (figures[0] !== rowCount / 2) throw new Error(`counted ${figures[0]} of ${rowCount / 2}`);
  const length = (all: readonly Uint8Array[]) => all.reduce((sum, message) => sum + message.length, 0);
  bytes = { toReceiver: length(logs.heard.receiver), toSender: length(logs.heard.sender) };
  results.push({ seconds, cpuSeconds: (used.user + used.system) / 1e6, calls });
}
await Promise.all([kernel.close(), sums.close()]);

const names = Object.keys(results[0]!.calls);
const report = {
  rows: rowCount,
  cells: cellCount,
  columns: columnCount,
  kernel: sums.name,
  seconds: spread(results.map(({ seconds }) => seconds)),
  cpuSeconds: spread(results.map(({ cpuSeconds }) => cpuSeconds)),
  callSeconds: Object.fromEntries(
    names.map((name) => [name, spread(results.map(({ calls }) => calls[name] ?? 0)).median]),
  ),
  bytes,
  maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(report, null, 2));
if (values.save) keep('join-sum', { machine: machine(), result: report });
