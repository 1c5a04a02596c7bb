/** What the nodes of a tapped trial network were given by each other (link-tap.ts), and the comparison with what their disclosures declare. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { decodeUpload, layoutOf, type RoomTerms } from '@causeway/core/applications/room';
import type { Received } from '@causeway/core/protocols';
import * as ecdh from '@causeway/core/protocols/psi-ecdh';
import { decodeMessage as decodeSpine } from '../../core/protocols/join-spine/messages.ts';
import { decodeMessage as decodeSum } from '../../core/protocols/join-sum/messages.ts';
import { payloadBytes } from '../../core/protocols/join-sum/testing/payload.ts';
import { sealedExtent } from '../../server/jobs/sealed/index.ts';
import type { TappedMessage } from './link-tap.ts';
import type { TrialNode } from './trial-network.ts';

export interface Heard extends Omit<TappedMessage, 'bytes'> {
  readonly bytes: Uint8Array;
}

/** Bytes by the kind of a message, without what stands around them. */
export type BytesByKind = Readonly<Record<string, number>>;

/** All that a node was given since it started, in order. */
export function heardBy({ tap }: TrialNode): Heard[] {
  if (tap === undefined || !existsSync(tap)) return [];
  const lines = readFileSync(tap, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const { bytes, ...message } = JSON.parse(line) as TappedMessage;
    return { ...message, bytes: Buffer.from(bytes, 'base64') };
  });
}

/** What came in one channel from one partner. */
export function channelOf(heard: readonly Heard[], name: string, from: string): Uint8Array[] {
  return heard
    .filter((message) => message.kind === 'channel' && message.name === name && message.from === from)
    .map(({ bytes }) => bytes);
}

/** Bodies of what came by calls of one method, as JSON. */
export function callsOf(heard: readonly Heard[], kind: 'question' | 'answer', name: string): unknown[] {
  return heard
    .filter((message) => message.kind === kind && message.name === name)
    .map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));
}

/** What a protocol's disclosure declares for lists of these sizes; of a message by rows it gives the bytes of a row. */
export function declaredBytes(
  receives: readonly Received[],
  rows: { readonly own: number; readonly partner: number },
): BytesByKind {
  return Object.fromEntries(
    receives.map((entry) => [entry.message, 'bytes' in entry ? entry.bytes : entry.bytesPerRow * rows[entry.rowsOf]]),
  );
}

/** Kinds of messages that only open and close a conversation: sizes, commitments, digests. */
const framing: readonly string[] = ['hello', 'client-hello', 'server-hello', 'done'];

function added(messages: readonly { readonly type: string; readonly bytes: number }[]): BytesByKind {
  const sums: Record<string, number> = {};
  for (const { type, bytes } of messages) if (!framing.includes(type)) sums[type] = (sums[type] ?? 0) + bytes;
  return sums;
}

/** The run stands in each message; here it is the channel that says which one it is. */
const runOf = (bytes: Uint8Array) => bytes.subarray(2, 18);
const sideOf = (bytes: Uint8Array) => (bytes[1] === 0 ? 'proposer' : 'partner');

/** By psi/ecdh. */
export function matchBytes(messages: readonly Uint8Array[]): BytesByKind {
  return added(
    messages.map((bytes) => {
      const message = ecdh.decodeMessage(bytes, { run: runOf(bytes), side: sideOf(bytes) });
      const rows = message.type === 'points' ? message.points : message.type === 'tags' ? message.tags : undefined;
      return { type: message.type, bytes: rows?.length ?? 0 };
    }),
  );
}

/** By join/sum, for one group of the receiver's. */
export function sumBytes(messages: readonly Uint8Array[]): BytesByKind {
  return added(
    messages.map((bytes) => {
      const message = decodeSum(bytes, { run: runOf(bytes), side: sideOf(bytes) }, 1);
      const isFraming = message.type === 'hello' || message.type === 'done';
      return { type: message.type, bytes: isFraming ? 0 : payloadBytes(message) };
    }),
  );
}

/** By join/spine. */
export function spineBytes(messages: readonly Uint8Array[]): BytesByKind {
  return added(
    messages.map((bytes) => {
      const from = sideOf(bytes) === 'proposer' ? 'client' : 'server';
      const message = decodeSpine(bytes, { run: runOf(bytes), from });
      const rows =
        message.type === 'points' ? message.points : message.type === 'answers' ? message.answers : undefined;
      return { type: message.type, bytes: rows?.length ?? 0 };
    }),
  );
}

/** Of an upload: what a room is sent, and the chunks of as many rows of the agreed columns under pseudonyms as there are, and of nothing else. */
export function uploadBytes(
  messages: readonly Uint8Array[],
  { terms, table, rows }: { readonly terms: RoomTerms; readonly table: string; readonly rows: number },
): { readonly heard: BytesByKind; readonly declared: BytesByKind } {
  const heard = messages.map((bytes) => {
    const message = decodeUpload(bytes);
    return { type: message.type, bytes: message.type === 'chunk' ? message.sealed.length : 0 };
  });
  const { chunkRows, rowBytes } = layoutOf(terms, table);
  const count = Math.ceil(rows / chunkRows);
  const extents = Array.from({ length: count }, (_, index) => sealedExtent({ rows, chunkRows, rowBytes }, index).bytes);
  return { heard: added(heard), declared: { manifest: 0, chunk: extents.reduce((sum, bytes) => sum + bytes, 0) } };
}

/** Which identifiers stand in a message, plain or as the digests that the field uses: their places in the list. */
export class IdentifierSearch {
  readonly #plain: Map<string, number>;
  readonly #digests: Map<string, number>;

  constructor(mobiles: readonly string[]) {
    this.#plain = new Map(mobiles.map((mobile, i) => [mobile, i]));
    this.#digests = new Map(
      mobiles.flatMap((mobile, i) =>
        [mobile, `+86${mobile}`].flatMap((text) =>
          ['md5', 'sha256'].map((name) => [createHash(name).update(text).digest('hex'), i] as const),
        ),
      ),
    );
  }

  in(bytes: Uint8Array): number[] {
    const text = Buffer.from(bytes).toString('latin1');
    const plain = text.match(/1\d{10}/g) ?? [];
    const digests = text.match(/[0-9a-fA-F]{32,64}/g) ?? [];
    return [
      ...plain.map((found) => this.#plain.get(found)),
      ...digests.map((found) => this.#digests.get(found.toLowerCase())),
    ].filter((found) => found !== undefined);
  }
}
