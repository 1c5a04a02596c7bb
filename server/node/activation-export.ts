/** What an advertiser gives out of an activation: a list of ids for its buying platform (PAIR), or the campaign that opens labels (OPJA). */
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { writeBase64 } from '@causeway/core/bytes';
import { elementBytes } from '@causeway/core/group';
import { publisherIdCharacters } from '@causeway/core/protocols/pair';
import type { OperationOptions } from './local-operations.ts';

export interface Written {
  readonly rows: number;
  readonly bytes: number;
}

const idsPerPiece = 2 ** 14;
const lineFeed = '\n'.charCodeAt(0);

/** How many ids are in a file of them. */
export async function idCount(ids: string): Promise<number> {
  return (await stat(ids)).size / elementBytes;
}

/** Writes one id a line, in the order of the ids, whole or not at all. @param ids a file of ids, 32 bytes each. */
export async function writeIds(ids: string, to: string, { signal, onProgress }: OperationOptions): Promise<Written> {
  const total = await idCount(ids);
  let rows = 0;
  await writeFileOrNone(to, async (write) => {
    const lineBytes = publisherIdCharacters + 1;
    const lines = new Uint8Array(idsPerPiece * lineBytes).fill(lineFeed);
    for await (const piece of createReadStream(ids, { highWaterMark: idsPerPiece * elementBytes, signal })) {
      const packed = piece as Buffer;
      const count = packed.length / elementBytes;
      for (let i = 0; i < count; i++) writeBase64(packed, i * elementBytes, elementBytes, lines, i * lineBytes);
      await write(lines.subarray(0, count * lineBytes));
      rows += count;
      onProgress({ stage: 'writing', done: rows, total, unit: 'rows', rows });
    }
  });
  return { rows, bytes: rows * (publisherIdCharacters + 1) };
}

/** Writes text, whole or not at all. */
export async function writeText(text: string, to: string): Promise<Written> {
  await writeFileOrNone(to, (write) => write(text));
  return { rows: 1, bytes: Buffer.byteLength(text) };
}

/** What leaves the node is for the user that runs it alone, until that user says otherwise. */
async function writeFileOrNone(
  to: string,
  fill: (write: (text: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const partial = `${to}.partial`;
  const file = await open(partial, 'w', 0o600);
  try {
    await fill((text) => file.appendFile(text));
    await file.sync();
    await file.close();
    await rename(partial, to);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}
