/** Where a job keeps its rows while it runs. */
export { openWorkFolder } from './node-folder.ts';
export { withFiles } from './open-files.ts';
export { BitSet, bytesOf, RowWriter, readRows, wordsOf } from './packed-file.ts';
export { type BucketShape, type Buckets, bucketsFor, partition } from './partition.ts';
export { WorkError, type WorkFile, type WorkFolder } from './work-folder.ts';
