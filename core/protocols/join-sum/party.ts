/**
 * One side of the exchange, as a state machine without I/O: which message comes next, how long it is, and of which run. What the messages
 * hold is judged by the role (receiver.ts, sender.ts), which keeps the rows. A message that does not fit leaves the state as it was.
 */
import { equalBytes } from '../../bytes/index.ts';
import { elementBytes, GroupError, ristretto255 } from '../../group/index.ts';
import { batchCount, rowsInBatch } from '../batch.ts';
import type { Side } from '../party.ts';
import { ProtocolError } from '../protocol-error.ts';
import { verifyKey } from './elgamal.ts';
import { type Bulk, decodeMessage, encodeMessage, type Hello, type Message, type Role } from './messages.ts';
import {
  checkCount,
  ciphertextBytes,
  labelCount,
  listSizes,
  proofContext,
  protocolVersion,
  tagBytes,
} from './parameters.ts';
import { boundRefusal, hasGate, rowsMax, type SumPlan } from './plan.ts';

export interface PartyOptions {
  /** Id of this exchange, 32 bytes. */
  readonly run: Uint8Array;
  readonly side: Side;
  readonly role: Role;
  readonly plan: SumPlan;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly planDigest: Uint8Array;
  /** What this side says of itself. */
  readonly own: Pick<Hello, 'rows' | 'root' | 'kernel' | 'blindingKey' | 'opening'>;
  /** Rows that the peer may bring, both inclusive; a receiver's groups are counted together. */
  readonly peerRows: { readonly min: number; readonly max: number };
  /** Rows in a message of points, the same on both sides. */
  readonly batchRows: number;
}

/** What may come of a message once the hellos are through, in the order of the log: how many, and of how many rows in all. */
type Expected =
  | { readonly type: Bulk['type']; readonly rows: number; readonly rowBytes: number; readonly batchRows: number }
  | { readonly type: 'labels' | 'check' | 'opening' | 'done' };

export class SumParty {
  readonly #options: PartyOptions;
  #peer: Hello | undefined;
  /** What has to come, as far as it is settled: gate, verdicts and release are between the roles. */
  readonly #expected: Expected[] = [];
  #batch = 0;

  constructor(options: PartyOptions) {
    this.#options = options;
  }

  /** The peer's hello. @throws {RangeError} before it came. */
  get peer(): Hello {
    if (!this.#peer) throw new RangeError('the peer has not said hello yet');
    return this.#peer;
  }

  /** The first message on every connection. @param held messages of the peer's that this side has. */
  hello(held: number): Uint8Array {
    const { role, planDigest: plan, own } = this.#options;
    return this.encode({ type: 'hello', version: protocolVersion, role, plan, ...own, held });
  }

  encode(message: Message): Uint8Array {
    return encodeMessage(message, { run: this.#options.run, side: this.#options.side });
  }

  /** Elements in both lists, with labels and fillers. */
  get sizes(): { readonly groups: readonly number[]; readonly receiver: number; readonly sender: number } {
    const { role, own } = this.#options;
    const [receiver, sender] = role === 'receiver' ? [own.rows, this.peer.rows] : [this.peer.rows, own.rows];
    const sizes = listSizes({ groups: receiver, sender: sender[0]! });
    return { ...sizes, receiver: sizes.groups.reduce((sum, count) => sum + count, 0) };
  }

  get tagBytes(): number {
    return tagBytes(this.sizes);
  }

  /** Slots in a message of bits: as many bytes as a message of points has. */
  get slotsPerMessage(): number {
    const { plan, batchRows } = this.#options;
    return Math.max(1, Math.floor((batchRows * elementBytes) / (plan.groupCount * ciphertextBytes)));
  }

  /** @throws {ProtocolError} for a hello that does not fit what was agreed. */
  meet(bytes: Uint8Array): Hello {
    if (this.#peer) throw new ProtocolError('wrong-order', 'the partner said hello twice');
    const hello = this.#decode(bytes);
    if (hello.type !== 'hello') throw new ProtocolError('wrong-order', `the partner sent ${hello.type} before hello`);
    this.#checkHello(hello);
    this.#peer = copied(hello);
    this.#expected.push(...this.#logOfPeer());
    return this.#peer;
  }

  /**
   * Holds the peer to the hello that it began the run with, before a restart perhaps.
   * @throws {ProtocolError} `commitment` where its list or its keys are others now.
   */
  checkUnchanged(first: Uint8Array): void {
    const before = this.#decode(first);
    if (before.type === 'hello' && isSame(before, this.peer)) return;
    throw new ProtocolError('commitment', 'the partner came back with another list or other keys');
  }

  /** @throws {ProtocolError} for anything that the protocol does not have at this point; the state is then unchanged. */
  receive(bytes: Uint8Array): Exclude<Message, Hello> {
    if (!this.#peer) throw new ProtocolError('wrong-order', 'the partner spoke before hello');
    const message = this.#decode(bytes);
    const expected = this.#expected[0];
    if (message.type === 'hello') throw new ProtocolError('wrong-order', 'the partner said hello twice');
    if (expected === undefined)
      throw new ProtocolError('wrong-order', `the partner sent ${message.type} after the end`);
    if (expected.type === 'done') this.#checkLate(message);
    else if (message.type !== expected.type) {
      throw new ProtocolError('wrong-order', `expected ${expected.type}, the partner sent ${message.type}`);
    }
    if ('rows' in expected) this.#takeBatch(expected, message as Bulk);
    else if (message.type === expected.type) {
      this.#checkLength(message);
      this.#expected.shift();
    }
    return message;
  }

  /** What is still to come may be a test, a verdict, a release or the end: the role knows which. */
  #checkLate(message: Message): void {
    const late =
      this.#options.role === 'receiver' ? ['release', ...(hasGate(this.#options.plan) ? ['gate'] : [])] : ['verdicts'];
    if (message.type !== 'done' && !late.includes(message.type)) {
      throw new ProtocolError('wrong-order', `the partner sent ${message.type} out of turn`);
    }
  }

  #takeBatch(expected: Extract<Expected, { rows: number }>, { type, index, rows }: Bulk): void {
    const { batchRows, rowBytes } = expected;
    if (index !== this.#batch) {
      throw new ProtocolError('wrong-order', `expected batch ${this.#batch} of ${type}, got ${index}`);
    }
    checkBytes(`batch ${index} of ${type}`, rows, rowsInBatch(expected.rows, index, batchRows) * rowBytes);
    this.#batch += 1;
    if (this.#batch < batchCount(expected.rows, batchRows)) return;
    this.#batch = 0;
    this.#expected.shift();
  }

  #checkLength(message: Message): void {
    const groups = this.#options.plan.groupCount;
    if (message.type === 'labels') checkBytes('labels', message.points, groups * labelCount * elementBytes);
    if (message.type === 'opening') {
      checkBytes('the opening', message.scalars, (groups + 1) * checkCount * groups * 32);
    }
  }

  /** The peer's part of the log behind its hello, up to where gate, verdicts and release begin. */
  #logOfPeer(): Expected[] {
    const { plan, role, batchRows } = this.#options;
    const { sizes } = this;
    if (role === 'receiver') {
      return [
        { type: 'points', rows: sizes.sender, rowBytes: elementBytes, batchRows },
        { type: 'tags', rows: sizes.receiver, rowBytes: this.tagBytes, batchRows },
        { type: 'check' },
        { type: 'done' },
      ];
    }
    const batchSlots = this.slotsPerMessage;
    return [
      { type: 'points', rows: sizes.receiver, rowBytes: elementBytes, batchRows },
      { type: 'labels' },
      { type: 'bits', rows: sizes.sender, rowBytes: plan.groupCount * ciphertextBytes, batchRows: batchSlots },
      { type: 'opening' },
      { type: 'done' },
    ];
  }

  #checkHello(hello: Hello): void {
    const { plan, planDigest, role, own, peerRows, run } = this.#options;
    if (hello.version !== protocolVersion) {
      throw new ProtocolError(
        'wrong-plan',
        `the partner speaks version ${hello.version}, this side ${protocolVersion}`,
      );
    }
    if (!equalBytes(hello.plan, planDigest)) {
      throw new ProtocolError('wrong-plan', 'the partner runs another plan than the one agreed');
    }
    if (hello.role === role || hello.rows.length !== (hello.role === 'sender' ? 1 : plan.groupCount)) {
      throw new ProtocolError('wrong-plan', 'the partner means to play another part than agreed');
    }
    const rows = hello.rows.reduce((sum, count) => sum + count, 0);
    const min = Math.max(1, peerRows.min);
    if (hello.rows.some((count) => count < min)) {
      throw new ProtocolError('set-size', `the partner's list is below the minimum of ${min} distinct identifiers`);
    }
    if (rows > Math.min(peerRows.max, rowsMax)) {
      throw new ProtocolError('set-size', `the partner's list is over the ${peerRows.max} distinct identifiers agreed`);
    }
    if (equalBytes(hello.root, own.root) || equalBytes(hello.blindingKey, own.blindingKey)) {
      throw new ProtocolError('not-distinct', 'the partner committed to our own list, or uses our own key');
    }
    const senderRows = hello.role === 'sender' ? rows : own.rows[0]!;
    const refusal = boundRefusal(plan, senderRows);
    if (refusal !== undefined) throw new ProtocolError('set-size', refusal);
    checkKey(hello.blindingKey);
    if (
      hello.role === 'receiver' &&
      !verifyKey(
        hello.opening.subarray(0, elementBytes),
        hello.opening.subarray(elementBytes),
        proofContext(run, 'sum-key'),
      )
    ) {
      throw new ProtocolError('wrong-proof', 'the partner did not prove that it knows its key');
    }
  }

  #decode(bytes: Uint8Array): Message {
    const { run, side, plan } = this.#options;
    return decodeMessage(bytes, { run, side: side === 'proposer' ? 'partner' : 'proposer' }, plan.groupCount);
  }
}

/** @throws {ProtocolError} `wrong-count`. */
export function checkBytes(what: string, bytes: Uint8Array, expected: number): void {
  if (expected > 0 && bytes.length === expected) return;
  throw new ProtocolError('wrong-count', `expected ${expected} bytes in ${what}, got ${bytes.length}`);
}

function checkKey(key: Uint8Array): void {
  try {
    ristretto255.checkElement(key);
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new ProtocolError('malformed-point', "the partner's key is not an element of the group", { cause: error });
  }
}

function isSame(a: Hello, b: Hello): boolean {
  return (
    a.rows.length === b.rows.length &&
    a.rows.every((count, i) => count === b.rows[i]) &&
    equalBytes(a.root, b.root) &&
    equalBytes(a.blindingKey, b.blindingKey) &&
    equalBytes(a.opening, b.opening)
  );
}

function copied(hello: Hello): Hello {
  const { plan, root, blindingKey, opening } = hello;
  return {
    ...hello,
    plan: plan.slice(),
    root: root.slice(),
    blindingKey: blindingKey.slice(),
    opening: opening.slice(),
  };
}
