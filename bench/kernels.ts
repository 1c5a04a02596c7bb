/**
 * Points a second and core: every class of the native kernel, WebAssembly, and what else does such work from npm, in the same run.
 *
 *   node bench/kernels.ts [--runs 5] [--save]
 *
 * A point is decoded with every check, multiplied by one secret scalar and encoded (`multiply`), or hashed to its tag as well
 * (`evaluate`), or made from a key first (`blind`). Processor time is counted, which neighbours on the machine change less.
 */
import { spawnSync } from 'node:child_process';
import { createECDH, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BatchKernel, type Kernel } from '@causeway/core/group';
import { ristretto255 as noble } from '@noble/curves/ed25519.js';
import { addon } from '../native/addon.ts';
import { openKernel, systemRandom } from '../native/index.ts';
import { keep, machine, type Spread, spread } from './report.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, save: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const label = new TextEncoder().encode('causeway/v1/bench');

interface Rates {
  readonly kernel: string;
  readonly blind: Spread;
  readonly evaluate: Spread;
  readonly multiply: Spread;
}

interface Peer {
  readonly peer: string;
  readonly what: string;
  readonly perSecond: Spread;
  /** How many times as many the best kernel here evaluates. */
  readonly ratio?: number;
}

const kernels: Rates[] = [];
for (const cpuClass of addon?.classes ?? []) {
  const kernel = await openKernel({ threads: 1, kernel: cpuClass });
  const rates = await ratesOf(kernel, cpuClass === 'portable' ? 2 ** 14 : 2 ** 16);
  const pool = addon!.openPool(1);
  const { points, scalar } = await listOf(kernel, cpuClass === 'portable' ? 2 ** 14 : 2 ** 16);
  const multiply = await rate(points.length / 32, () => addon!.multiply(pool, cpuClass, points, scalar));
  kernels.push({ kernel: cpuClass, ...rates, multiply });
  await addon!.closePool(pool);
  await kernel.close();
}
for (const [name, kernel, rows] of [
  ['wasm', new BatchKernel(), 2 ** 13],
  ['wasm, by libsodium', new BatchKernel({ vectors: false }), 2 ** 11],
] as const) {
  const { points, scalar } = await listOf(kernel, rows);
  const rates = await ratesOf(kernel, rows);
  kernels.push({ kernel: name, ...rates, multiply: await rate(rows, () => kernel.multiply({ points, scalar })) });
}

const best = kernels[0]!.evaluate.median;
const peers = [await x25519(), await p256(), await nobleRistretto(), await psiJs()].filter(
  (peer) => peer !== undefined,
);
const compared = peers.map((peer) => ({ ...peer, ratio: Number((best / peer.perSecond.median).toFixed(1)) }));
console.table(kernels.map(({ kernel, ...rates }) => ({ kernel, ...medians(rates) })));
console.table(compared.map(({ peer, what, perSecond, ratio }) => ({ peer, what, perSecond: perSecond.median, ratio })));
if (values.save) keep('kernels', { machine: machine(), unit: 'points per second and core', kernels, peers: compared });

async function listOf(kernel: Kernel, rows: number) {
  const scalar = kernel.randomScalar(systemRandom);
  const keys = systemRandom.bytes(16 * rows);
  return { scalar, keys, points: await kernel.blind({ keys, prefix: label, dst: label, scalar }) };
}

async function ratesOf(kernel: Kernel, rows: number): Promise<Pick<Rates, 'blind' | 'evaluate'>> {
  const { scalar, keys, points } = await listOf(kernel, rows);
  return {
    blind: await rate(rows, () => kernel.blind({ keys, prefix: label, dst: label, scalar })),
    evaluate: await rate(rows, () => kernel.evaluate({ points, scalar, tag: { context: label, bytes: 11 } })),
  };
}

/** Operations a second of processor time, over the runs. */
async function rate(operations: number, work: () => unknown): Promise<Spread> {
  const rates: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    rates.push((operations * 1e6) / (user + system));
  }
  return spread(rates, 0);
}

async function x25519(): Promise<Peer> {
  const [own, theirs] = [generateKeyPairSync('x25519'), generateKeyPairSync('x25519')];
  const privateKey = createPrivateKey(own.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const publicKey = createPublicKey(theirs.publicKey.export({ format: 'pem', type: 'spki' }));
  const perSecond = await rate(2 ** 14, () => {
    for (let i = 0; i < 2 ** 14; i++) diffieHellman({ privateKey, publicKey });
  });
  return { peer: `Node ${process.version}`, what: 'X25519 by OpenSSL', perSecond };
}

async function p256(): Promise<Peer> {
  const [own, theirs] = [createECDH('prime256v1'), createECDH('prime256v1')];
  own.generateKeys();
  const point = theirs.generateKeys();
  const perSecond = await rate(2 ** 13, () => {
    for (let i = 0; i < 2 ** 13; i++) own.computeSecret(point);
  });
  return { peer: `Node ${process.version}`, what: 'P-256 by OpenSSL', perSecond };
}

async function nobleRistretto(): Promise<Peer> {
  const encoding = noble.Point.BASE.multiply(12_345n).toBytes();
  const factor = 2n ** 251n - 9n;
  const perSecond = await rate(200, () => {
    for (let i = 0; i < 200; i++) noble.Point.fromBytes(encoding).multiply(factor).toBytes();
  });
  return { peer: '@noble/curves', what: 'ristretto255 in JavaScript', perSecond };
}

/** The parts of @openmined/psi.js that are called here. */
interface PsiJs {
  readonly client: {
    createWithNewKey(reveal: boolean): {
      createRequest(items: string[]): unknown;
      getIntersection(setup: unknown, response: unknown): number[];
    };
  };
  readonly server: {
    createWithNewKey(reveal: boolean): {
      createSetupMessage(fpr: number, clientItems: number, items: string[], structure: unknown): unknown;
      processRequest(request: unknown): unknown;
    };
  };
  readonly dataStructure: { readonly Raw: unknown };
}

/** A whole intersection of two lists, both parties: installed into a folder of its own, without its install scripts. */
async function psiJs(): Promise<Peer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-peer-'));
  try {
    const install = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      '@openmined/psi.js@2',
    ];
    const { status } = spawnSync('npm', install, { stdio: 'ignore' });
    if (status !== 0) {
      console.log('@openmined/psi.js could not be installed, and is left out');
      return undefined;
    }
    const open = createRequire(join(folder, 'package.json'))('@openmined/psi.js') as () => Promise<PsiJs>;
    const { client, server, dataStructure } = await open();
    const rows = 1000;
    const list = (from: number) => Array.from({ length: rows }, (_, i) => String(13_800_000_000 + from + i));
    const perSecond = await rate(2 * rows, () => {
      const [holder, asker] = [server.createWithNewKey(true), client.createWithNewKey(true)];
      const setup = holder.createSetupMessage(1e-9, rows, list(0), dataStructure.Raw);
      const matched = asker.getIntersection(setup, holder.processRequest(asker.createRequest(list(rows / 2))));
      if (matched.length !== rows / 2) throw new Error(`the peer found ${matched.length} of ${rows / 2}`);
    });
    return { peer: '@openmined/psi.js', what: 'rows of a whole intersection, P-256 in WebAssembly', perSecond };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function medians(rates: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rates as Record<string, Spread>).map(([name, { median }]) => [name, median]),
  );
}
