/** What an exchange keeps on disk, so that another run goes on after an interruption. */
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import type { Held } from '@causeway/core/protocols/psi-vole';
import type { WorkFolder } from '../../work/index.ts';

interface StoredHeld {
  readonly partition: string;
  readonly digests: string;
  readonly peer: { readonly count: number; readonly commitment: string };
}

export async function readHeld(work: WorkFolder, name: string): Promise<Held | undefined> {
  const stored = await work.readSmall(name);
  if (!stored) return undefined;
  const { partition, digests, peer } = JSON.parse(Buffer.from(stored).toString()) as StoredHeld;
  return {
    partition: hexToBytes(partition),
    digests: hexToBytes(digests),
    peer: { count: peer.count, commitment: hexToBytes(peer.commitment) },
  };
}

export async function writeHeld(work: WorkFolder, name: string, { partition, digests, peer }: Held): Promise<void> {
  const stored: StoredHeld = {
    partition: bytesToHex(partition),
    digests: bytesToHex(digests),
    peer: { count: peer.count, commitment: bytesToHex(peer.commitment) },
  };
  await work.writeSmall(name, Buffer.from(JSON.stringify(stored)));
}
