/** The keys that a room's answers depend on, from its one secret. */
import { bytesToHex, utf8ToBytes } from '@causeway/core/bytes';
import { hkdfSha256 } from '@causeway/core/crypto';

export interface RoomKeys {
  /** Of the noise: 32 bytes. */
  readonly noise: Uint8Array;
  /** Of the choice of the groups that count of a person who is in more than may: 32 bytes in hexadecimal, as the engine takes it. */
  readonly cut: string;
}

export function roomKeys(secret: Uint8Array): RoomKeys {
  if (secret.length < 32) throw new RangeError(`secret: expected 32 bytes or more, got ${secret.length}`);
  const derived = (label: string) =>
    hkdfSha256({ secret, salt: new Uint8Array(0), info: utf8ToBytes(`causeway/v1/room/${label}`), length: 32 });
  return { noise: derived('noise'), cut: bytesToHex(derived('cut')) };
}
