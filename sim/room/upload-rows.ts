/** Rows of an upload as their layout packs them, and back: pseudonyms of 16 bytes, then the code of the one value. */
import type { Layout } from '@causeway/core/applications/room';
import { bytesToHex } from '@causeway/core/bytes';
import type { TableRow } from './question.ts';

const pseudonymBytes = 16;

export function packRow(
  layout: Layout,
  of: { readonly pseudonyms: readonly Uint8Array[]; readonly code: number },
): Uint8Array {
  const bytes = new Uint8Array(layout.rowBytes);
  for (const [kind, pseudonym] of of.pseudonyms.entries()) bytes.set(pseudonym, kind * pseudonymBytes);
  new DataView(bytes.buffer).setUint16(layout.pseudonyms * pseudonymBytes, of.code, true);
  return bytes;
}

export function unpackRows(layout: Layout, bytes: Uint8Array): readonly TableRow[] {
  const rows: TableRow[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += layout.rowBytes) {
    const ids = Array.from({ length: layout.pseudonyms }, (_, kind) => {
      const id = bytes.subarray(at + kind * pseudonymBytes, at + (kind + 1) * pseudonymBytes);
      return id.every((byte) => byte === 0) ? undefined : bytesToHex(id);
    });
    rows.push({ ids, code: view.getUint16(at + layout.pseudonyms * pseudonymBytes, true) });
  }
  return rows;
}
