/** Messages of one byte for their kind, and what belongs to that kind behind it: how an application reads those of a peer. */
import { ByteReader, DecodeError } from '../bytes/index.ts';
import { ProtocolError } from '../protocols/index.ts';

/**
 * @param bytes peer-controlled. @param types in the order of their numbers. @param read takes what is behind the kind, to the last byte.
 * @throws {ProtocolError} `malformed-message`.
 */
export function decodeMessage<Type extends string, Message>(
  bytes: Uint8Array,
  types: readonly Type[],
  read: (type: Type, reader: ByteReader) => Message,
): Message {
  try {
    const reader = new ByteReader(bytes);
    const type = types[reader.u8()];
    if (!type) throw new DecodeError('malformed', 'unknown kind of message');
    const message = read(type, reader);
    reader.end();
    return message;
  } catch (cause) {
    throw new ProtocolError('malformed-message', `a message of ${bytes.length} bytes could not be read`, { cause });
  }
}
