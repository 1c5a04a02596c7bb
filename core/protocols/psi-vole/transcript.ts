/**
 * The digest of all that both sides said. Each bucket has one of its own, over every message that it rests on: the run's hellos and nonce
 * (through the run's id), the base OTs, its epoch, and itself. So an exchange that took several runs ends in the same digest on both sides.
 */
import { concatBytes, equalBytes, utf8ToBytes } from '../../bytes/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { NewSha256, Sha256 } from '../streaming-hash.ts';
import { digestBytes } from './binding.ts';
import { type Bulk, bulkTypes } from './messages.ts';
import { epochOf } from './parameters.ts';

const domain = 'causeway/psi-vole/1';

export class Transcript {
  readonly #run: Uint8Array;
  readonly #sha256: NewSha256;
  /** What is being said, by unit; a unit's digest is taken when something rests on it. */
  readonly #open = new Map<string, Sha256>();
  readonly #closed = new Map<string, Uint8Array>();

  constructor(run: Uint8Array, sha256: NewSha256) {
    this.#run = run;
    this.#sha256 = sha256;
  }

  /** Adds a piece that was sent or received; within a unit, both sides add the same ones in the same order. */
  add(type: Bulk, number: number, bytes: Uint8Array): void {
    const hash = this.#hash(...unitOf(type, number));
    hash.update(Uint8Array.of(bulkTypes.indexOf(type)));
    hash.update(bytes);
  }

  /** The digest of a bucket of which all has been said, 32 bytes. */
  bucket(bucket: number): Uint8Array {
    return this.#close('bucket', bucket);
  }

  /** Forgets an epoch whose buckets have all been said. */
  forgetEpoch(epoch: number): void {
    this.#closed.delete(`epoch/${epoch}`);
  }

  #hash(unit: Unit, number: number): Sha256 {
    const name = `${unit}/${number}`;
    const known = this.#open.get(name);
    if (known) return known;
    const hash = this.#sha256();
    hash.update(concatBytes(utf8ToBytes(`${domain}/${unit}`), this.#run, bigEndian(number)));
    if (unit !== 'base') hash.update(this.#close('base', 0));
    if (unit === 'bucket') hash.update(this.#close('epoch', epochOf(number)));
    this.#open.set(name, hash);
    return hash;
  }

  #close(unit: Unit, number: number): Uint8Array {
    const name = `${unit}/${number}`;
    const known = this.#closed.get(name);
    if (known) return known;
    const digest = new Uint8Array(this.#hash(unit, number).digest());
    this.#open.delete(name);
    if (unit !== 'bucket') this.#closed.set(name, digest);
    return digest;
  }
}

/** @param buckets digests of all buckets in their order, packed. @returns the digest that both sides compare and put into the evidence. */
export function transcriptDigest(exchange: Uint8Array, buckets: Uint8Array, sha256: NewSha256): Uint8Array {
  if (buckets.length % digestBytes !== 0) throw new RangeError(`expected digests of ${digestBytes} bytes`);
  const hash = sha256();
  hash.update(concatBytes(utf8ToBytes(`${domain}/transcript`), exchange));
  hash.update(buckets);
  return new Uint8Array(hash.digest());
}

/** @throws {ProtocolError} `transcript` unless the peer saw the messages that this side saw. */
export function checkTranscript(digest: { readonly own: Uint8Array; readonly peer: Uint8Array }): void {
  if (!equalBytes(digest.own, digest.peer)) {
    throw new ProtocolError('transcript', 'the two sides did not see the same messages');
  }
}

type Unit = 'base' | 'epoch' | 'bucket';

function unitOf(type: Bulk, number: number): [Unit, number] {
  switch (type) {
    case 'base-elements':
    case 'base-answer':
      return ['base', 0];
    case 'epoch-choices':
    case 'epoch-trees':
      return ['epoch', number];
    case 'choices':
    case 'trees':
    case 'okvs':
    case 'tags':
    case 'match':
      return ['bucket', number];
  }
}

function bigEndian(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
