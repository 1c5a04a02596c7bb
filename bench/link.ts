/**
 * What a link carries between two processes on loopback: bulk messages in either direction and both, small messages, round trips.
 *
 *   node bench/link.ts [--megabytes 1000] [--runs 3] [--save]
 *
 * Prints megabytes a second (the median of the runs, and their range) and the processor's seconds per gigabyte in each process, which
 * neighbours on the machine change less; `--save` keeps them in bench/results/link.json.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type Channel, connectDirect, type Link, listenDirect } from '../server/link/index.ts';
import { keep, machine } from './report.ts';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
    partner: { type: 'boolean', default: false },
  },
});

/** What one measurement moves. */
interface Load {
  readonly messageBytes: number;
  readonly totalBytes: number;
  /** Seen from the process that measures. */
  readonly direction: 'send' | 'receive' | 'both';
}

if (values.partner) await partner();
else await report();

/** The other process: does its half of each load that it is told of, then says how much processor time it took. */
async function partner(): Promise<void> {
  const listener = await listenDirect({ host: '127.0.0.1', port: 0 });
  process.stdout.write(`${listener.invite}\n`);
  const link = await listener.accept();
  const control = link.channel('control');
  for (;;) {
    const message = await control.receive().catch(() => undefined);
    if (message === undefined) break;
    if (message.length === 0) {
      await control.send(message);
      continue;
    }
    const { id, load } = JSON.parse(Buffer.from(message).toString()) as { id: number; load: Load };
    const cpu = process.cpuUsage();
    await move(link, `load/${id}`, load, { send: load.direction !== 'send', receive: load.direction !== 'receive' });
    await control.send(Buffer.from(JSON.stringify(cpuSeconds(cpu))));
  }
  await listener.close();
}

async function report(): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, '--partner'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const invite = await new Promise<string>((resolve) => child.stdout.once('data', (line) => resolve(String(line))));
  const link = await connectDirect(invite);
  const control = link.channel('control');
  const totalBytes = Number(values.megabytes) * 1e6;
  const loads: Load[] = [
    { messageBytes: 1 << 20, totalBytes, direction: 'send' },
    { messageBytes: 1 << 20, totalBytes, direction: 'receive' },
    { messageBytes: 1 << 20, totalBytes, direction: 'both' },
    { messageBytes: 1 << 16, totalBytes, direction: 'send' },
    { messageBytes: 1 << 10, totalBytes: totalBytes / 10, direction: 'send' },
  ];
  const results: Record<string, unknown>[] = [];
  let id = 0;
  for (const load of loads) {
    const runs: { megabytesPerSecond: number; here: number; there: number }[] = [];
    for (let i = 0; i < Number(values.runs); i++) {
      id += 1;
      await control.send(Buffer.from(JSON.stringify({ id, load })));
      const cpu = process.cpuUsage();
      const startedMs = performance.now();
      await move(link, `load/${id}`, load, { send: load.direction !== 'receive', receive: load.direction !== 'send' });
      const seconds = (performance.now() - startedMs) / 1000;
      const gigabytes = load.totalBytes / 1e9;
      const here = cpuSeconds(cpu) / gigabytes;
      const there = Number(Buffer.from(await control.receive()).toString()) / gigabytes;
      runs.push({ megabytesPerSecond: load.totalBytes / 1e6 / seconds, here, there });
    }
    runs.sort((a, b) => a.megabytesPerSecond - b.megabytesPerSecond);
    const median = runs[runs.length >> 1]!;
    results.push({
      direction: load.direction,
      messageBytes: load.messageBytes,
      megabytesPerSecond: Math.round(median.megabytesPerSecond),
      range: [runs[0]!, runs.at(-1)!].map((run) => Math.round(run.megabytesPerSecond)).join('–'),
      cpuSecondsPerGigabyteHere: Number(median.here.toFixed(2)),
      cpuSecondsPerGigabyteThere: Number(median.there.toFixed(2)),
    });
  }
  const roundTrip = await roundTrips(control);
  const residentMib = Math.round(process.resourceUsage().maxRSS / 1024);
  console.table(results);
  console.log(`round trip of an empty message: ${roundTrip} µs; peak resident memory: ${residentMib} MiB`);
  await link.close();
  if (values.save) keep('link', { machine: machine(), results, roundTripMicroseconds: roundTrip, residentMib });
}

/** Sends and receives the load on one channel, and waits until the receiver says that all is there. */
async function move(link: Link, name: string, load: Load, part: { send: boolean; receive: boolean }): Promise<void> {
  const channel = link.channel(name);
  const count = Math.ceil(load.totalBytes / load.messageBytes);
  const send = async () => {
    const message = new Uint8Array(load.messageBytes).fill(7);
    for (let i = 0; i < count; i++) await channel.send(message);
  };
  const receive = async () => {
    for (let i = 0; i < count; i++) await channel.receive();
    await channel.send(new Uint8Array(0));
  };
  await Promise.all([part.send && send(), part.receive && receive()]);
  if (part.send) await channel.receive();
  channel.close();
}

/** @returns the median, in microseconds. */
async function roundTrips(control: Channel): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    const startedMs = performance.now();
    await control.send(new Uint8Array(0));
    await control.receive();
    times.push((performance.now() - startedMs) * 1000);
  }
  return Math.round(times.sort((a, b) => a - b)[times.length >> 1]!);
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
