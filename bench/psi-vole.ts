/**
 * psi/vole without a network: both parties in one process, each with one thread of arithmetic; and beside it what psi/ecdh takes here.
 *
 *   node bench/psi-vole.ts [--rows 1000000] [--runs 5] [--flight 4] [--class ifma] [--form fast] [--save]
 *
 * A third of each list is shared. Seconds are the median of the runs, and their range; those of the processor, which neighbours on the
 * machine change less, are told for each party's thread and for the main one. `--save` keeps them in bench/results/psi-vole.json.
 */
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hashToGroupDst } from '@causeway/core/protocols/psi-ecdh';
import {
  exchangeId,
  type Form,
  ReceiverWorker,
  type RunOptions,
  SenderWorker,
  VoleReceiver,
  VoleSender,
  wireBytes,
} from '@causeway/core/protocols/psi-vole';
import { MemoryList, playBoth } from '@causeway/core/protocols/psi-vole/testing';
import { openKernel, openVoleKernel, systemRandom, type VoleKernelHandle } from '../native/index.ts';
import { openTimed } from './kernel-thread.ts';
import { keepAmong, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    flight: { type: 'string', default: '4' },
    class: { type: 'string' },
    form: { type: 'string', default: 'fast' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const rowBytes = 16;
type Party = 'receiver' | 'sender';

function openParty(): VoleKernelHandle {
  const cpuClass = values.class as NonNullable<Parameters<typeof openVoleKernel>[0]>['cpuClass'];
  const kernel = openVoleKernel({ threads: 1, ...(cpuClass ? { cpuClass } : {}) });
  if (!kernel) throw new Error('the native library is not there: npm run build:native');
  return kernel;
}

const parties = { receiver: await openTimed(openParty), sender: await openTimed(openParty) };
const lists = {
  receiver: new Uint8Array(randomBytes(rows * rowBytes)),
  sender: new Uint8Array(randomBytes(rows * rowBytes)),
};
for (let row = 0; row < rows; row += 3) {
  lists.sender.set(lists.receiver.subarray(row * rowBytes, (row + 1) * rowBytes), (rows - 1 - row) * rowBytes);
}

/** One whole run, from hello to done. */
async function run() {
  const options = (party: Party): RunOptions => ({
    exchange: exchangeId({ network: 'bench', agreement: '', job: '', profile: '' }),
    plan: new Uint8Array(32),
    form: values.form as Form,
    mode: 'receiver-learns',
    own: { count: rows, commitment: new Uint8Array(32).fill(party.length), kernel: parties[party].kernel.name },
    peerCount: { min: 1, max: rows },
    random: systemRandom,
    sha256: () => createHash('sha256'),
  });
  const list = {
    receiver: new MemoryList('receiver', parties.receiver.kernel, lists.receiver),
    sender: new MemoryList('sender', parties.sender.kernel, lists.sender),
  };
  const receiverWorker = new ReceiverWorker({
    kernel: parties.receiver.kernel,
    list: list.receiver,
    random: systemRandom,
  });
  const senderWorker = new SenderWorker({ kernel: parties.sender.kernel, list: list.sender, random: systemRandom });
  const receiver = new VoleReceiver({ ...options('receiver'), bucketsInFlight: Number(values.flight) });
  const sender = new VoleSender(options('sender'));
  const cpu = process.cpuUsage();
  const began = { receiver: parties.receiver.seconds(), sender: parties.sender.seconds() };
  const startedMs = performance.now();
  let bytes = 0;
  const count = (message: Uint8Array) => {
    bytes += message.length;
    return [message];
  };
  const { endings } = await playBoth(
    {
      receiver: { role: receiver, perform: (work) => receiverWorker.perform(work) },
      sender: { role: sender, perform: (work) => senderWorker.perform(work) },
    },
    { receiver: receiver.start(), sender: sender.start() },
    { carry: count, keep: 'none' },
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const receiverCpu = parties.receiver.seconds() - began.receiver;
  const senderCpu = parties.sender.seconds() - began.sender;
  if (endings.receiver !== 'finished' || endings.sender !== 'finished') throw new Error('the run did not finish');
  const wrong = list.receiver.rows.reduce(
    (sum, matched, row) => sum + (matched === (row % 3 === 0 ? 1 : 0) ? 0 : 1),
    0,
  );
  if (wrong > 0) throw new Error(`${wrong} rows are wrong`);
  const formula = wireBytes(receiver.agreed.geometry, 'receiver-learns');
  await Promise.all([receiverWorker.close(), senderWorker.close()]);
  return {
    seconds,
    receiverCpu,
    senderCpu,
    mainCpu: (user + system) / 1e6 - receiverCpu - senderCpu,
    bytes,
    beyondFormula: bytes - formula.receiver - formula.sender,
  };
}

/** Seconds that psi/ecdh's arithmetic takes for a row of one side, on one thread: it blinds its own, and evaluates the other's. */
async function ecdhSecondsPerRow(): Promise<{ readonly kernel: string; readonly seconds: number }> {
  const kernel = await openKernel({ threads: 1 });
  const scalar = kernel.randomScalar(systemRandom);
  const keys = new Uint8Array(randomBytes(2 ** 12 * rowBytes));
  const blind = () => kernel.blind({ keys, prefix: new Uint8Array(32), dst: hashToGroupDst, scalar });
  await blind();
  const startedMs = performance.now();
  const points = await blind();
  await kernel.evaluate({ points, scalar, tag: { context: new Uint8Array(32), bytes: 11 } });
  const seconds = (performance.now() - startedMs) / 1000 / 2 ** 12;
  await kernel.close();
  return { kernel: kernel.name, seconds };
}

const runs: Awaited<ReturnType<typeof run>>[] = [];
for (let i = 0; i < Number(values.runs); i++) runs.push(await run());
const column = (name: keyof (typeof runs)[number]) =>
  spread(
    runs.map((each) => each[name]),
    3,
  );
const ecdh = await ecdhSecondsPerRow();
const seconds = column('seconds');
const result = {
  machine: machine(),
  rows,
  form: values.form as Form,
  kernel: parties.receiver.kernel.name,
  bucketsInFlight: Number(values.flight),
  seconds,
  processorSeconds: { receiver: column('receiverCpu'), sender: column('senderCpu'), main: column('mainCpu') },
  bytesPerRow: Number((runs[0]!.bytes / rows).toFixed(2)),
  bytesBeyondTheFormula: runs[0]!.beyondFormula,
  residentMib: Math.round(process.resourceUsage().maxRSS / 1024),
  listMib: Math.round((2 * rows * rowBytes) / 2 ** 20),
  ecdhOnOneThread: { kernel: ecdh.kernel, seconds: Number((ecdh.seconds * rows).toFixed(1)) },
  timesFasterThanEcdh: Math.round((ecdh.seconds * rows) / seconds.median),
};
console.log(JSON.stringify(result, null, 2));
await Promise.all([parties.receiver.kernel.close(), parties.sender.kernel.close()]);
if (values.save) keepAmong('psi-vole', result, (of) => [of.rows, of.form, of.kernel]);
