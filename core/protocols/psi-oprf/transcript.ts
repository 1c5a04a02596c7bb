import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter, utf8ToBytes } from '../../bytes/index.ts';

/** What was said in a run, in numbers and digests. */
export interface Said {
  readonly client: {
    readonly count: number;
    /** Merkle root over its batches of points. */
    readonly root: Uint8Array;
  };
  readonly server: {
    /** See `tableCommitment`. */
    readonly table: Uint8Array;
    /** Merkle root over its batches of answers, the proof of each before it. */
    readonly answers: Uint8Array;
  };
}

/** @returns the digest that both sides compare at the end and put into the evidence, 32 bytes. */
export function transcriptDigest(run: Uint8Array, { client, server }: Said): Uint8Array {
  return sha256(
    new ByteWriter()
      .raw(utf8ToBytes('causeway/v1/psi-oprf/transcript'))
      .raw(run)
      .u64(client.count)
      .raw(client.root)
      .raw(server.table)
      .raw(server.answers)
      .finish(),
  );
}
