/** Sets of people that were told about, as bytes with their digest: a set that lost a person would let a question through that it has to stop. */
import {
  ByteReader,
  ByteWriter,
  bytesToUtf8,
  concatBytes,
  DecodeError,
  equalBytes,
  utf8ToBytes,
} from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import type { ReleasedSet } from './difference.ts';
import { PersonSet } from './person-set.ts';
import type { ToldSets } from './tellable.ts';

/** 1 had no marks. */
const version = 2;
const digestBytes = 32;

export function encodeTold({ known, released }: ToldSets): Uint8Array {
  const writer = new ByteWriter().u8(version);
  for (const sets of [known, released]) {
    writer.u32(sets.length);
    for (const { owners, persons, marks } of sets) {
      writer.u32(owners.length);
      for (const owner of owners) writer.prefixed(utf8ToBytes(owner));
      writer.prefixed(persons.encode());
      writer.u8(marks === undefined ? 0 : 1);
      if (marks !== undefined) writer.prefixed(marks.encode());
    }
  }
  const bytes = writer.finish();
  return concatBytes(sha256(bytes), bytes);
}

/** @throws {DecodeError} for bytes that `encodeTold` did not write. */
export function decodeTold(bytes: Uint8Array): ToldSets {
  const body = bytes.subarray(digestBytes);
  if (bytes.length <= digestBytes || !equalBytes(sha256(body), bytes.subarray(0, digestBytes))) {
    throw new DecodeError('malformed', 'sets of people that were told about are damaged');
  }
  const reader = new ByteReader(body);
  const found = reader.u8();
  if (found !== 1 && found !== version) throw new DecodeError('malformed', 'sets of people are of another version');
  const [known, released] = [readSets(reader, found), readSets(reader, found)];
  reader.end();
  return { known, released };
}

function readSets(reader: ByteReader, found: number): readonly ReleasedSet[] {
  return Array.from({ length: reader.u32() }, () => {
    const owners = Array.from({ length: reader.u32() }, () => bytesToUtf8(reader.prefixed({ bytesMax: 63 })));
    const persons = readSet(reader);
    if (found === 1) return { owners, persons };
    const hasMarks = reader.u8();
    if (hasMarks > 1) throw new DecodeError('malformed', 'sets of people that were told about are damaged');
    return hasMarks === 1 ? { owners, persons, marks: readSet(reader) } : { owners, persons };
  });
}

function readSet(reader: ByteReader): PersonSet {
  return PersonSet.decode(reader.prefixed({ bytesMax: 2 ** 31 }));
}
