import { createCipheriv } from 'node:crypto';
import { utf8ToBytes } from '@causeway/core/bytes';
import { type Campaign, LabelCipher } from '@causeway/core/protocols/opja';
import { aes128Gcm } from '../jobs/sealed/index.ts';

/** The cipher of a match's labels, on the machine's own library. @param key 16 bytes. */
export function labelCipher({ matchid }: Pick<Campaign, 'matchid'>, key: Uint8Array): LabelCipher {
  const blocks = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return new LabelCipher({
    aead: aes128Gcm,
    key,
    aad: utf8ToBytes(matchid),
    encrypt: (plain) => new Uint8Array(blocks.update(plain)),
  });
}
