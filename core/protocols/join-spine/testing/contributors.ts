/** Contributors in memory: each has a list and perhaps a key, and gets the pseudonyms of its rows from the others. */
import { bytesToHex, compareBytes, concatBytes } from '../../../bytes/index.ts';
import { BatchKernel, elementBytes, type Kernel } from '../../../group/index.ts';
import { SeededRandom } from '../../../random/index.ts';
import { batchCount, rowsInBatch } from '../../batch.ts';
import type { RunBinding } from '../../party.ts';
import {
  hashPrefix,
  hashToGroupDst,
  pseudonymBytes,
  pseudonymContext,
  runId,
  SpineClient,
  SpineServer,
  transcriptDigest,
  unblindingScalar,
} from '../index.ts';

export const plan = new Uint8Array(32).fill(1);
const kernel: Kernel = new BatchKernel();

export interface Contributor {
  readonly name: string;
  readonly blind: Uint8Array;
  readonly key: Uint8Array;
  /** All messages that it got, in order. */
  readonly inbox: Uint8Array[];
}

export function contributor(name: string, seed: string): Contributor {
  const random = new SeededRandom(`${seed} ${name}`);
  return { name, blind: kernel.randomScalar(random), key: kernel.randomScalar(random), inbox: [] };
}

/** The match key of an identifier. */
export function keyOf(id: number): Uint8Array {
  return new SeededRandom(`id ${id}`).bytes(16);
}

export async function blinded(ids: readonly number[], scalar: Uint8Array, binding: RunBinding): Promise<Uint8Array[]> {
  const keys = concatBytes(...ids.map(keyOf));
  return rowsOf(await kernel.blind({ keys, prefix: hashPrefix(binding), dst: hashToGroupDst, scalar }), elementBytes);
}

export async function multiplied(points: readonly Uint8Array[], scalar: Uint8Array): Promise<Uint8Array[]> {
  return rowsOf(await kernel.multiply({ points: concatBytes(...points), scalar }), elementBytes);
}

export async function pseudonyms(
  points: readonly Uint8Array[],
  scalar: Uint8Array,
  binding: RunBinding,
): Promise<string[]> {
  const tag = { context: pseudonymContext(binding), bytes: pseudonymBytes };
  const packed = await kernel.evaluate({ points: concatBytes(...points), scalar, tag });
  return rowsOf(packed, pseudonymBytes).map(bytesToHex);
}

/** One exchange through both roles. @returns the client's points under the server's key, in the order of the points given. */
export async function exchange(
  points: readonly Uint8Array[],
  { client, server }: { readonly client: Contributor; readonly server: Contributor },
  binding: RunBinding,
  batchRows = 4,
): Promise<Uint8Array[]> {
  const sorted = points.map((point, i) => ({ point, i })).sort((a, b) => compareBytes(a.point, b.point));
  const run = runId(binding, { client: client.name, list: 'list', server: server.name });
  const root = new Uint8Array(32).fill(9);
  const count = points.length;
  const asking = new SpineClient({ run, plan, own: { count, root, kernel: 'wasm' }, batchRows });
  const answering = new SpineServer({ run, plan, kernel: 'wasm', clientCount: { min: 0, max: 2 ** 20 }, batchRows });
  const toServer = (message: Uint8Array) => {
    server.inbox.push(message);
    return answering.receive(message);
  };
  const toClient = (message: Uint8Array) => {
    client.inbox.push(message);
    return asking.receive(message);
  };
  toServer(asking.hello());
  toClient(answering.hello());
  const answers: Uint8Array[] = new Array(count);
  for (let index = 0; index < batchCount(count, batchRows); index++) {
    const from = index * batchRows;
    const batch = sorted.slice(from, from + rowsInBatch(count, index, batchRows)).map(({ point }) => point);
    const heard = toServer(asking.points(index, concatBytes(...batch)));
    if (heard.kind !== 'points') throw new RangeError('expected points');
    const evaluated = await kernel.multiply({ points: heard.points, scalar: server.key });
    const answered = toClient(answering.answers(index, evaluated));
    if (answered.kind !== 'answers') throw new RangeError('expected answers');
    for (const [k, answer] of rowsOf(answered.answers, elementBytes).entries()) answers[sorted[from + k]!.i] = answer;
  }
  const transcript = transcriptDigest(run, { count, points: root, answers: root });
  toServer(asking.done(transcript));
  toClient(answering.done(transcript));
  return answers;
}

/** The whole way of a list past all other holders of keys. @returns a pseudonym for each identifier. */
export async function pseudonymise(
  ids: readonly number[],
  owner: Contributor,
  holders: readonly Contributor[],
  binding: RunBinding,
): Promise<string[]> {
  let points = await blinded(ids, owner.blind, binding);
  for (const server of holders)
    if (server !== owner) points = await exchange(points, { client: owner, server }, binding);
  const key = holders.includes(owner) ? owner.key : undefined;
  return pseudonyms(points, unblindingScalar({ blind: owner.blind, key }), binding);
}

export function rowsOf(packed: Uint8Array, bytes: number): Uint8Array[] {
  return Array.from({ length: packed.length / bytes }, (_, i) => packed.slice(i * bytes, (i + 1) * bytes));
}
