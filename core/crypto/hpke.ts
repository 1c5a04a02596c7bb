/**
 * Hybrid public key encryption (RFC 9180) for DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256, in the modes base and auth, with any AEAD of the RFC
 * as a port: Node has a fast one, and so has a browser. A context seals its messages in order, each under its own nonce; nothing is
 * sealed twice.
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../bytes/index.ts';
import type { RandomSource } from '../random/index.ts';
import { sodium } from './sodium.ts';

/** An authenticated cipher with a tag of 16 bytes behind the ciphertext (RFC 5116). */
export interface Aead {
  /** Its number in RFC 9180 §7.3. */
  readonly id: number;
  readonly keyBytes: number;
  seal(of: AeadInput): Uint8Array;
  /** @returns undefined unless the tag holds. */
  open(of: AeadInput): Uint8Array | undefined;
}

export interface AeadInput {
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** What is sealed, or what was. */
  readonly message: Uint8Array;
}

/** `bad-key`: a public key that gives no secret. `not-authentic`: what came is not what was sealed, or not for this place. */
export class HpkeError extends Error {
  override readonly name = 'HpkeError';
  readonly code: 'bad-key' | 'not-authentic';

  constructor(code: HpkeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** X25519 (RFC 7748). */
export interface KemKeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
}

/** Bytes of a public key, of a secret key, and of what a sender puts before its messages. */
export const kemKeyBytes = 32;
/** RFC 9180 §7.1 and §7.2: the numbers of the suite, without that of the AEAD. */
export const kemId = 0x0020;
export const kdfId = 0x0001;

const hashBytes = 32;
const nonceBytes = 12;
/** Far below the RFC's 2^96 − 1, and enough for any upload. */
const messagesMax = 2 ** 32;

/** GenerateKeyPair() of §7.1.3: any 32 bytes are a secret key. */
export function generateKemKeyPair(random: RandomSource): KemKeyPair {
  const secretKey = random.bytes(kemKeyBytes);
  return { secretKey, publicKey: sodium.crypto_scalarmult_base(secretKey) };
}

interface Setup {
  readonly aead: Aead;
  readonly info: Uint8Array;
}

/**
 * SetupBaseS and SetupAuthS (§5.1.1, §5.1.3).
 * @param to.recipient public key. @param to.sender own key pair, in mode auth alone.
 * @returns `enc`, which the recipient needs, and the context.
 * @throws {HpkeError} `bad-key`
 */
export function setupSender(
  to: Setup & { readonly recipient: Uint8Array; readonly sender?: KemKeyPair },
  random: RandomSource,
): { readonly enc: Uint8Array; readonly context: SenderContext } {
  const ephemeral = generateKemKeyPair(random);
  const enc = ephemeral.publicKey;
  const own = [dh(ephemeral.secretKey, to.recipient), ...(to.sender ? [dh(to.sender.secretKey, to.recipient)] : [])];
  const shared = kemSecret(own, [enc, to.recipient, ...(to.sender ? [to.sender.publicKey] : [])]);
  return { enc, context: new SenderContext(to.aead, keySchedule(to.sender ? 'auth' : 'base', shared, to)) };
}

/**
 * SetupBaseR and SetupAuthR (§5.1.1, §5.1.3).
 * @param from.sender the sender's public key, in mode auth alone.
 * @throws {HpkeError} `bad-key`
 */
export function setupRecipient(
  from: Setup & { readonly enc: Uint8Array; readonly recipient: KemKeyPair; readonly sender?: Uint8Array },
): RecipientContext {
  const { recipient, enc, sender, aead } = from;
  const own = [dh(recipient.secretKey, enc), ...(sender ? [dh(recipient.secretKey, sender)] : [])];
  const shared = kemSecret(own, [enc, recipient.publicKey, ...(sender ? [sender] : [])]);
  return new RecipientContext(aead, keySchedule(sender ? 'auth' : 'base', shared, from));
}

interface Schedule {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: Uint8Array;
  readonly suite: Uint8Array;
}

abstract class Context {
  protected readonly aead: Aead;
  readonly #schedule: Schedule;
  #sequence = 0;

  constructor(aead: Aead, schedule: Schedule) {
    this.aead = aead;
    this.#schedule = schedule;
  }

  /** §5.3: a secret of this context for another use. */
  export(context: Uint8Array, length: number): Uint8Array {
    const { exporterSecret, suite } = this.#schedule;
    return labeledExpand(exporterSecret, { suite, label: 'sec', info: context, length });
  }

  /** §5.2: the key, and the nonce of the next message. @throws {RangeError} when there is none left. */
  protected current(): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
    if (this.#sequence >= messagesMax) throw new RangeError('this context has sealed all that it may');
    const nonce = this.#schedule.baseNonce.slice();
    const view = new DataView(nonce.buffer);
    view.setUint32(nonceBytes - 4, view.getUint32(nonceBytes - 4) ^ this.#sequence);
    return { key: this.#schedule.key, nonce };
  }

  protected advance(): void {
    this.#sequence += 1;
  }
}

export class SenderContext extends Context {
  /** Seals the next message. */
  seal(message: Uint8Array, aad: Uint8Array): Uint8Array {
    const sealed = this.aead.seal({ ...this.current(), aad, message });
    this.advance();
    return sealed;
  }
}

export class RecipientContext extends Context {
  /** Opens the next message; after one that is not authentic, the same one is still awaited. @throws {HpkeError} `not-authentic` */
  open(message: Uint8Array, aad: Uint8Array): Uint8Array {
    const opened = this.aead.open({ ...this.current(), aad, message });
    if (!opened) throw new HpkeError('not-authentic', 'the message could not be authenticated');
    this.advance();
    return opened;
  }
}

/** X25519 of §7.1.4: a result of zeros is refused. */
function dh(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_scalarmult(secretKey, publicKey);
  } catch {
    throw new HpkeError('bad-key', 'the public key is not one that a secret can be shared with');
  }
}

/** ExtractAndExpand of §4.1, over one or two Diffie–Hellman results. */
function kemSecret(results: readonly Uint8Array[], context: readonly Uint8Array[]): Uint8Array {
  const suite = concatBytes(utf8ToBytes('KEM'), i2osp(kemId, 2));
  const prk = labeledExtract(new Uint8Array(0), { suite, label: 'eae_prk', ikm: concatBytes(...results) });
  const info = concatBytes(...context);
  return labeledExpand(prk, { suite, label: 'shared_secret', info, length: hashBytes });
}

/** KeySchedule of §5.1, without a pre-shared key. */
function keySchedule(mode: 'base' | 'auth', shared: Uint8Array, { aead, info }: Setup): Schedule {
  const suite = concatBytes(utf8ToBytes('HPKE'), i2osp(kemId, 2), i2osp(kdfId, 2), i2osp(aead.id, 2));
  const empty = new Uint8Array(0);
  const context = concatBytes(
    i2osp(mode === 'base' ? 0x00 : 0x02, 1),
    labeledExtract(empty, { suite, label: 'psk_id_hash', ikm: empty }),
    labeledExtract(empty, { suite, label: 'info_hash', ikm: info }),
  );
  const secret = labeledExtract(shared, { suite, label: 'secret', ikm: empty });
  const expanded = (label: string, length: number) => labeledExpand(secret, { suite, label, info: context, length });
  return {
    key: expanded('key', aead.keyBytes),
    baseNonce: expanded('base_nonce', nonceBytes),
    exporterSecret: expanded('exp', hashBytes),
    suite,
  };
}

/** §4 LabeledExtract. */
function labeledExtract(
  salt: Uint8Array,
  { suite, label, ikm }: { readonly suite: Uint8Array; readonly label: string; readonly ikm: Uint8Array },
): Uint8Array {
  return extract(sha256, concatBytes(utf8ToBytes('HPKE-v1'), suite, utf8ToBytes(label), ikm), salt);
}

/** §4 LabeledExpand. */
function labeledExpand(
  prk: Uint8Array,
  of: { readonly suite: Uint8Array; readonly label: string; readonly info: Uint8Array; readonly length: number },
): Uint8Array {
  const labelled = concatBytes(i2osp(of.length, 2), utf8ToBytes('HPKE-v1'), of.suite, utf8ToBytes(of.label), of.info);
  return expand(sha256, prk, labelled, of.length);
}

function i2osp(value: number, length: 1 | 2): Uint8Array {
  return length === 1 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 255);
}
