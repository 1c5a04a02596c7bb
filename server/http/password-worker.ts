/** Hashes passwords on a thread of its own: argon2id takes about 0.1 s and 64 MiB, which the event loop and the heap are spared. */
import { parentPort } from 'node:worker_threads';
import { sodium } from '@causeway/core/crypto';

export type PasswordWork =
  | {
      readonly id: number;
      readonly kind: 'hash';
      readonly password: string;
      readonly passes: number;
      readonly memoryBytes: number;
    }
  | { readonly id: number; readonly kind: 'verify'; readonly password: string; readonly hash: string };
export type PasswordResult =
  | { readonly id: number; readonly hash: string }
  | { readonly id: number; readonly right: boolean };

parentPort?.on('message', (work: PasswordWork) => {
  parentPort?.postMessage(answer(work));
});

function answer(work: PasswordWork): PasswordResult {
  switch (work.kind) {
    case 'hash':
      return { id: work.id, hash: sodium.crypto_pwhash_str(work.password, work.passes, work.memoryBytes) };
    case 'verify':
      return { id: work.id, right: sodium.crypto_pwhash_str_verify(work.hash, work.password) };
  }
}
