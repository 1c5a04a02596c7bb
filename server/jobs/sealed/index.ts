export {
  aes256Gcm,
  type Chunks,
  chunkCount,
  commitmentOf,
  openChunks,
  sealChunks,
  sealedExtent,
} from './chunks.ts';
