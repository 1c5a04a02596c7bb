import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const pieceBytes = 1024 * 1024;

export interface Copied {
  /** SHA-256 of what was copied, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Copies a file for its owner's eyes, and tells what was copied.
 * @param copy.to must not exist; @param copy.isDurable whether it is on the disk when this returns; @param copy.onBytes called after each
 *   piece, and may throw to stop.
 */
export async function copyFile(copy: {
  readonly from: string;
  readonly to: string;
  readonly isDurable: boolean;
  readonly onBytes: (count: number) => void;
}): Promise<Copied> {
  const from = await open(copy.from, 'r');
  try {
    const to = await open(copy.to, 'wx', 0o600);
    try {
      const copied = await pass(from, to, copy.onBytes);
      if (copy.isDurable) await to.sync();
      return copied;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function pass(from: FileHandle, to: FileHandle, onBytes: (count: number) => void): Promise<Copied> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await from.read(piece, 0, pieceBytes);
    if (bytesRead === 0) break;
    const part = piece.subarray(0, bytesRead);
    hash.update(part);
    for (let done = 0; done < bytesRead; ) done += (await to.write(part, done)).bytesWritten;
    bytes += bytesRead;
    onBytes(bytesRead);
  }
  return { sha256: hash.digest('hex'), bytes };
}
