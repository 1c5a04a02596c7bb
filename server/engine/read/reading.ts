/** A finished reading of a file: which file, which bytes, and how they were understood. */
import type { Layout } from './layout.ts';
import type { FileIdentity } from './source.ts';

export interface Reading {
  /** As the caller named it. */
  readonly path: string;
  readonly identity: FileIdentity;
  /** Of the file as it lies on the disk, in hexadecimal. */
  readonly sha256: string;
  readonly layout: Layout;
  readonly rowCount: number;
}
