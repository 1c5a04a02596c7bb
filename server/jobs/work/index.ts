/** Where a job keeps its rows while it runs. */
export { openWorkFolder } from './node-folder.ts';
export { withFiles } from './open-files.ts';
export { BitSet, packU32, RowWriter, readRows, u32At } from './packed-file.ts';
export { type Buckets, bucketsFor, partition } from './partition.ts';
export { WorkError, type WorkFile, type WorkFolder } from './work-folder.ts';
