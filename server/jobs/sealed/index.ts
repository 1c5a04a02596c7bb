/** Values in sealed chunks, bound to their place: what rooms and deliveries send. */
export {
  aes128Gcm,
  aes256Gcm,
  type Chunks,
  chunkCount,
  commitmentOf,
  openChunks,
  sealChunks,
  sealedExtent,
} from './chunks.ts';
