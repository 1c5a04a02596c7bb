/**
 * join/spine without a network: two contributors in one process, over files, from match keys to a pseudonym for every row.
 *
 *   node bench/join-spine.ts [--rows 1000000] [--runs 3] [--save]
 *
 * A third of each list is shared, and the result is held to that. Both parties share the machine's cores, so seconds are those of both
 * together; seconds of the processor change less with what else runs on it. `--save` keeps them in bench/results/join-spine.json.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runId } from '@causeway/core/protocols/join-spine';
import { exchangeAsServer, SpineList } from '@causeway/server/jobs/spine';
import { openWorkFolder, type WorkFolder } from '@causeway/server/jobs/work';
import { openKernel, systemRandom } from '../native/index.ts';
import { channelPair } from '../server/jobs/match/testing/channels.ts';
import { keep, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const shared = Math.floor(rows / 3);
const kernel = await openKernel();
const signal = new AbortController().signal;
const binding = { network: 'bench', agreement: 'a', job: 'j', profile: 'phone' };
const plan = new Uint8Array(32);
const silenceMs = 600_000;

const keys = { brand: randomBytes(rows * 16), media: randomBytes(rows * 16) };
for (let row = 0; row < shared; row++)
  keys.media.set(keys.brand.subarray(row * 16, row * 16 + 16), (rows - 1 - row) * 16);
const numbers = new Uint8Array(Uint32Array.from({ length: rows }, (_, row) => row).buffer);

interface Contributor {
  readonly name: 'brand' | 'media';
  readonly peer: 'brand' | 'media';
  readonly work: WorkFolder;
  readonly key: Uint8Array;
  readonly list: SpineList;
}

async function contributor(folder: string, name: 'brand' | 'media'): Promise<Contributor> {
  const peer = name === 'brand' ? 'media' : 'brand';
  const work = await openWorkFolder(join(folder, name));
  const key = kernel.randomScalar(systemRandom);
  const list = new SpineList({
    work,
    kernel,
    sorter: kernel,
    random: systemRandom,
    index: 0,
    list: name,
    binding,
    plan,
    organisation: name,
    servers: [peer],
    key,
    silenceMs,
    onProgress: () => {},
  });
  await writeFile(work.path(list.keyFiles.keys), keys[name]);
  await writeFile(work.path(list.keyFiles.rows), numbers);
  return { name, peer, work, key, list };
}

/** One list all the way, the other side answering. @returns pseudonyms by row. */
async function pseudonymise(client: Contributor, server: Contributor, bytes: { sent: number }): Promise<Buffer> {
  const set = await client.list.prepare(rows);
  await client.list.blind(set, signal);
  const [here, there] = channelPair(undefined, (message) => {
    bytes.sent += message.length;
    return message;
  });
  await Promise.all([
    client.list.visit(set, 0, here, { signal, opening: 'speak' }),
    exchangeAsServer(
      {
        work: server.work,
        kernel,
        name: `served-${client.name}`,
        party: {
          run: runId(binding, { client: client.name, list: client.name, server: server.name }),
          plan,
          kernel: kernel.name,
          clientCount: { min: 0, max: rows },
        },
        key: server.key,
        silenceMs,
        onHeard: () => {},
      },
      there,
      signal,
    ),
  ]);
  return readFile(client.work.path(await client.list.pseudonyms(set, rows, signal)));
}

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-spine-'));
  try {
    const [brand, media] = [await contributor(folder, 'brand'), await contributor(folder, 'media')];
    const bytes = { sent: 0 };
    const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
    const given = await Promise.all([pseudonymise(brand, media, bytes), pseudonymise(media, brand, bytes)]);
    const seconds = (performance.now() - startedMs) / 1000;
    const used = process.cpuUsage(cpu);
    check(given);
    return {
      seconds,
      processorSeconds: (used.user + used.system) / 1e6,
      megabytes: bytes.sent / 1e6,
      peakMebibytes: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shared rows have one pseudonym on both sides, and no others have. */
function check([brand, media]: readonly [Buffer, Buffer] | readonly Buffer[]): void {
  const rowOf = (of: Buffer, row: number) => of.toString('latin1', row * 16, row * 16 + 16);
  const known = new Map(Array.from({ length: rows }, (_, row) => [rowOf(brand!, row), row]));
  if (known.size !== rows) throw new Error('two rows of one list have one pseudonym');
  let matches = 0;
  for (let row = 0; row < rows; row++) {
    const other = known.get(rowOf(media!, row));
    if (other === undefined) continue;
    if (other !== rows - 1 - row) throw new Error('two rows that differ have one pseudonym');
    matches += 1;
  }
  if (matches !== shared) throw new Error(`${matches} rows match, and ${shared} should`);
}

const runs: Awaited<ReturnType<typeof run>>[] = [];
for (let i = 0; i < Number(values.runs); i++) runs.push(await run());
await kernel.close();
const figure = (of: (one: (typeof runs)[number]) => number, digits?: number) => spread(runs.map(of), digits);
const result = {
  about: 'join/spine, two contributors over files in one process, from match keys to pseudonyms of all rows',
  machine: machine(),
  kernel: kernel.name,
  rows,
  shared,
  seconds: figure(({ seconds }) => seconds),
  processorSeconds: figure(({ processorSeconds }) => processorSeconds),
  megabytes: figure(({ megabytes }) => megabytes, 1),
  peakMebibytes: figure(({ peakMebibytes }) => peakMebibytes, 0),
};
console.log(JSON.stringify(result, null, 2));
if (values.save) keep('join-spine', result);
