/**
 * `causeway match` from CSV to CSV, as two people run it on one machine: seconds, bytes on the wire, and the memory of each side's
 * processes.
 *
 *   node bench/match-direct.ts [--rows 1000000] [--runs 1] [--protocol psi/ecdh] [--receiver both] [--save]
 *
 * Lists of mobile numbers, half of them shared. `--save` puts the figures for this size and protocol into
 * bench/results/match-direct.json. A run of 100 million rows needs about 30 GB of disk under the system's temporary folder.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { DirectReport } from '../server/direct/index.ts';
import { writePhones } from './phones.ts';
import { watchTree } from './process-tree.ts';
import { keepAmong, machine, spread } from './report.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    protocol: { type: 'string', default: 'psi/ecdh' },
    receiver: { type: 'string', default: 'both' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(options.rows);
const { protocol, receiver } = options;
const mirrored: Record<string, string> = { me: 'them', them: 'me', both: 'both', none: 'none' };
const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-match-'));
const command = join(import.meta.dirname, '../cli/bin/causeway.js');

interface Side {
  readonly report: DirectReport;
  readonly peakBytes: number;
}

const seconds: number[] = [];
const sides: (readonly [Side, Side])[] = [];
try {
  const inputs = [join(folder, 'a.csv'), join(folder, 'b.csv')] as const;
  writePhones(inputs[0], { from: 0, rows });
  writePhones(inputs[1], { from: rows / 2, rows });
  for (let run = 0; run < Number(options.runs); run++) {
    const outputs = [join(folder, 'a-matched.csv'), join(folder, 'b-matched.csv')] as const;
    const startedMs = performance.now();
    const invite = Promise.withResolvers<string>();
    const listening = side(['--listen', '127.0.0.1:0'], inputs[0], outputs[0], receiver, invite.resolve);
    const connecting = side(['--connect', await invite.promise], inputs[1], outputs[1], mirrored[receiver]!);
    const both = await Promise.all([listening, connecting]);
    seconds.push((performance.now() - startedMs) / 1000);
    sides.push(both);
    for (const [i, { report }] of both.entries()) await check(report, outputs[i]!);
    console.log(`${seconds.at(-1)!.toFixed(1)} s`);
  }
  const peakMib = (i: 0 | 1) => Math.round(Math.max(...sides.map((both) => both[i].peakBytes)) / 2 ** 20);
  const { report } = sides[0]![0];
  const result = {
    machine: machine(),
    protocol,
    kernel: report.kernel.own,
    receiver,
    rows,
    shared: rows / 2,
    seconds: spread(seconds, 1),
    /** Of the run alone: from the people's yes to the end. */
    planned: { ...report.planned, took: spread(sides.map(([side]) => side.report.seconds)) },
    bytes: { listenerSends: report.bytes.sent, connectorSends: report.bytes.received },
    bytesPerRow: Number(((report.bytes.sent + report.bytes.received) / rows).toFixed(1)),
    peakMib: { listener: peakMib(0), connector: peakMib(1) },
  };
  console.log(JSON.stringify(result, null, 2));
  if (options.save) keepAmong('match-direct', result, (of) => [of.rows, of.protocol, of.receiver]);
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs one side to its end. @throws {Error} with what it said, if it fails. */
async function side(
  meet: readonly string[],
  input: string,
  output: string,
  who: string,
  onInvite: (line: string) => void = () => {},
): Promise<Side> {
  const words = [
    '--input',
    input,
    '--id',
    'mobile:phone',
    '--output',
    output,
    '--receiver',
    who,
    '--protocol',
    protocol,
  ];
  const child = spawn(process.execPath, [command, 'match', ...meet, ...words, '--yes', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const memory = watchTree(child.pid!);
  let said = '';
  let answer = '';
  createInterface(child.stderr).on('line', (line) => {
    said += `${line}\n`;
    if (line.startsWith('causeway:')) onInvite(line);
  });
  child.stdout.on('data', (part) => {
    answer += part;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const { peakBytes } = memory.stop();
  if (code !== 0) throw new Error(`one side ended with ${code}:\n${said.slice(-2000)}`);
  return { report: JSON.parse(answer) as DirectReport, peakBytes };
}

/** The shared half, and nothing else. */
async function check({ output, counts }: DirectReport, path: string): Promise<void> {
  if (output === undefined) return;
  let lines = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk as Uint8Array) if (byte === 10) lines++;
  if (output.rows !== rows / 2 || counts.matched !== rows / 2 || lines !== rows / 2 + 1)
    throw new Error(`wrong result: ${JSON.stringify({ output, counts, lines })}`);
}
