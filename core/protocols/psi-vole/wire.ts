/** What both roles do alike between bytes and messages: bind them to the run, cut bulk messages, join their pieces, digest what was said. */
import { ProtocolError } from '../protocol-error.ts';
import type { NewSha256 } from '../streaming-hash.ts';
import {
  type Bulk,
  decodeMessage,
  encodeMessage,
  type Message,
  type Piece,
  pieceBytesMax,
  type Role,
} from './messages.ts';
import { Transcript } from './transcript.ts';

export interface BulkMessage {
  readonly type: Bulk;
  readonly number: number;
  readonly bytes: Uint8Array;
}

export class Wire {
  readonly #role: Role;
  readonly #sha256: NewSha256;
  /** The exchange's id, and the run's once it is known. */
  #bound: Uint8Array;
  #transcript: Transcript | undefined;
  /** The one bulk message of which a part has come. */
  #partial: { readonly type: Bulk; readonly number: number; readonly bytes: Uint8Array; filled: number } | undefined;

  constructor(role: Role, exchange: Uint8Array, sha256: NewSha256) {
    this.#role = role;
    this.#bound = exchange;
    this.#sha256 = sha256;
  }

  /** From here on, messages carry the run's id. */
  bind(run: Uint8Array): void {
    this.#bound = run;
    this.#transcript = new Transcript(run, this.#sha256);
  }

  /** What has been said in this run. */
  get transcript(): Transcript {
    if (!this.#transcript) throw new RangeError('the run has no id yet');
    return this.#transcript;
  }

  encode(message: Message): Uint8Array {
    return encodeMessage(message, { run: this.#bound, role: this.#role });
  }

  /** @returns the bulk message in pieces, to be sent one after the other. */
  cut({ type, number, bytes }: BulkMessage): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let index = 0; index * pieceBytesMax < bytes.length; index++) {
      const part = bytes.subarray(index * pieceBytesMax, (index + 1) * pieceBytesMax);
      this.transcript.add(type, number, part);
      pieces.push(this.encode({ type, number, index, bytes: part }));
    }
    return pieces;
  }

  /** @throws {ProtocolError} `malformed-message` or `wrong-session`. */
  decode(bytes: Uint8Array): Message {
    return decodeMessage(bytes, { run: this.#bound, role: this.#role === 'receiver' ? 'sender' : 'receiver' });
  }

  /**
   * Takes a piece.
   * @param expectedBytes says how long its message is, and throws where that message has no place: asked before anything is allocated.
   * @returns the whole message, once its last piece is there.
   * @throws {ProtocolError} `wrong-order` for a piece that does not go on where the one before it ended, `wrong-count` for its length.
   */
  join(piece: Piece, expectedBytes: (type: Bulk, number: number) => number): BulkMessage | undefined {
    const { type, number, index, bytes } = piece;
    const begun = this.#partial;
    if (begun && !(begun.type === type && begun.number === number)) {
      throw new ProtocolError('wrong-order', `the partner began ${type} ${number} in the middle of ${begun.type}`);
    }
    const length = begun?.bytes.length ?? expectedBytes(type, number);
    const filled = begun?.filled ?? 0;
    if (index * pieceBytesMax !== filled) {
      throw new ProtocolError('wrong-order', `piece ${index} of ${type} ${number} came out of turn`);
    }
    const pieceBytes = Math.min(pieceBytesMax, length - filled);
    if (bytes.length !== pieceBytes) {
      throw new ProtocolError(
        'wrong-count',
        `expected ${pieceBytes} bytes in piece ${index} of ${type} ${number}, got ${bytes.length}`,
      );
    }
    this.transcript.add(type, number, bytes);
    const whole = begun ?? { type, number, bytes: new Uint8Array(length), filled };
    whole.bytes.set(bytes, filled);
    whole.filled = filled + pieceBytes;
    this.#partial = whole.filled < length ? whole : undefined;
    return this.#partial ? undefined : { type, number, bytes: whole.bytes };
  }

  /** Whether a bulk message has begun and not ended. */
  get isWithinMessage(): boolean {
    return this.#partial !== undefined;
  }
}
