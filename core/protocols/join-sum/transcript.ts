/** The digest of all that both sides said, kind by kind: M1 to M8, with the hellos and the opening. */
import { ByteWriter, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import type { NewSha256, Sha256 } from '../streaming-hash.ts';
import { type Hello, type Message, messageTypes, type Role } from './messages.ts';

/** Kinds of one role's messages are digested apart from the other's: both send points. */
type Spoken = `${Role}/${Message['type']}`;

export class Transcript {
  readonly #run: Uint8Array;
  readonly #newHash: NewSha256;
  readonly #open = new Map<Spoken, Sha256>();

  constructor(run: Uint8Array, newHash: NewSha256) {
    this.#run = run;
    this.#newHash = newHash;
  }

  /** @param bytes the message as it stands on the wire. */
  add(role: Role, type: Message['type'], bytes: Uint8Array): void {
    const key: Spoken = `${role}/${type}`;
    const hash = this.#open.get(key) ?? this.#newHash();
    this.#open.set(key, hash);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    hash.update(length);
    hash.update(bytes);
  }

  /** Ends the transcript. @returns the digest of each kind that was said, and the one of all, 32 bytes each. */
  close(hellos: Record<Role, Hello>): { readonly kinds: ReadonlyMap<Spoken, Uint8Array>; readonly digest: Uint8Array } {
    const kinds = new Map<Spoken, Uint8Array>();
    const writer = new ByteWriter().raw(utf8ToBytes('causeway/v1/join-sum/transcript')).raw(this.#run);
    for (const role of ['receiver', 'sender'] as const) {
      const { plan, rows, root, blindingKey, opening } = hellos[role];
      writer.raw(plan).u8(rows.length);
      for (const count of rows) writer.u32(count);
      writer.raw(root).raw(blindingKey).raw(opening);
      for (const type of messageTypes) {
        const digest = this.#open.get(`${role}/${type}`)?.digest();
        if (!digest) continue;
        kinds.set(`${role}/${type}`, digest);
        writer.u8(messageTypes.indexOf(type)).raw(digest);
      }
    }
    return { kinds, digest: sha256(writer.finish()) };
  }
}
