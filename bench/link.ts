/**
 * What a link carries between two processes on loopback: bulk messages in either direction and both, small messages, calls.
 * `node bench/link.ts [--megabytes N]`; one JSON document on stdout.
 */

import { spawn } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { connectDirect, type Link, listenDirect } from '../server/link/index.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '1000' }, partner: { type: 'boolean', default: false } },
});
const REPEATS = 3;

/** What one measurement moves. */
interface Load {
  readonly name: string;
  readonly messageBytes: number;
  readonly totalBytes: number;
  /** Seen from the process that measures. */
  readonly direction: 'send' | 'receive' | 'both';
}

if (values.partner) await partner();
else await measureAll();

/** The other process: does its half of each measurement that it is told of. */
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
    await move(link, `load/${id}`, load, { send: load.direction !== 'send', receive: load.direction !== 'receive' });
  }
  await listener.close();
}

async function measureAll(): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, '--partner'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const invite = await new Promise<string>((resolve) =>
    child.stdout.once('data', (line: Buffer) => resolve(line.toString())),
  );
  const link = await connectDirect(invite);
  const bytes = Number(values.megabytes) * 1e6;
  const loads: Load[] = [
    { name: 'send, 1 MiB messages', messageBytes: 1 << 20, totalBytes: bytes, direction: 'send' },
    { name: 'receive, 1 MiB messages', messageBytes: 1 << 20, totalBytes: bytes, direction: 'receive' },
    { name: 'both ways, 1 MiB messages', messageBytes: 1 << 20, totalBytes: bytes, direction: 'both' },
    { name: 'send, 64 KiB messages', messageBytes: 1 << 16, totalBytes: bytes, direction: 'send' },
    { name: 'send, 1 KiB messages', messageBytes: 1 << 10, totalBytes: bytes / 10, direction: 'send' },
  ];
  const control = link.channel('control');
  const results: Record<string, unknown>[] = [];
  let id = 0;
  for (const load of loads) {
    const rates: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      id += 1;
      await control.send(Buffer.from(JSON.stringify({ id, load })));
      const startedMs = performance.now();
      await move(link, `load/${id}`, load, { send: load.direction !== 'receive', receive: load.direction !== 'send' });
      rates.push(load.totalBytes / 1e6 / ((performance.now() - startedMs) / 1e3));
    }
    results.push({ load: load.name, megabytesPerSecond: spread(rates) });
  }
  results.push({ load: 'round trip of an empty message', microseconds: await roundTrips(control) });
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  process.stdout.write(`${JSON.stringify({ bench: 'link', machine, residentMegabytes: rss, results }, null, 2)}\n`);
  await link.close();
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

async function roundTrips(control: {
  send(m: Uint8Array): Promise<void>;
  receive(): Promise<Uint8Array>;
}): Promise<unknown> {
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    const startedMs = performance.now();
    await control.send(new Uint8Array(0));
    await control.receive();
    times.push((performance.now() - startedMs) * 1e3);
  }
  return spread(times);
}

function spread(values: number[]): { median: number; least: number; most: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const round = (value: number | undefined) => Math.round(value ?? 0);
  return { median: round(sorted[sorted.length >> 1]), least: round(sorted[0]), most: round(sorted.at(-1)) };
}
