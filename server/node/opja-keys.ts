/** This node's key pairs for OPJA, and the keys that are published: its own under the domain of its matching system, and a receiver's. */
import { join } from 'node:path';
import { equalBytes } from '@causeway/core/bytes';
import type { KemKeyPair } from '@causeway/core/crypto';
import { JobFailure } from '../jobs/life/index.ts';
import { KeyDirectory, KeyError, type KeyFile, newKey, readKeyFile, settledKeys, writeKeyFile } from '../opja/index.ts';
import { dayMs } from './proposal.ts';
import type { Services } from './services.ts';

/** For how long a key pair seals labels (OPJA guide §1-d). */
const keyDays = 180;

export class OpjaKeys {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** The newest first. */
  list(): Promise<KeyFile> {
    return readKeyFile(this.#path);
  }

  /** Makes a key pair, which is used once it is published. */
  async add(): Promise<KeyFile> {
    const { random, clock } = this.#services;
    const keys = newKey(await this.list(), { random, nowMs: clock.wallMs() });
    await writeKeyFile(this.#path, keys);
    return keys;
  }

  /** What a domain publishes, and whether a key of this node that still seals labels is among it. @throws {KeyError} */
  async published(
    domain: string,
  ): Promise<{ readonly keys: readonly Uint8Array[]; readonly own: KemKeyPair | undefined }> {
    const { dnsServers, opjaKeys } = await this.#services.settings();
    const directory = new KeyDirectory({ servers: dnsServers, settled: settledKeys(opjaKeys) });
    const keys = await directory.keysOf(domain);
    const sinceMs = this.#services.clock.wallMs() - keyDays * dayMs;
    const own = (await this.list()).keys.find(
      ({ pair, madeAt }) => Date.parse(madeAt) > sinceMs && keys.some((key) => equalBytes(key, pair.publicKey)),
    );
    return { keys, own: own?.pair };
  }

  /** The newest own pair that is published under the system's domain, and the receiver's current key. @throws {JobFailure} with what to publish. */
  async labelKeys(of: {
    readonly system: string;
    readonly receiver: string;
  }): Promise<{ readonly sender: KemKeyPair; readonly receiver: Uint8Array }> {
    try {
      const { own } = await this.published(of.system);
      const [receiver] = (await this.published(of.receiver)).keys;
      if (own) return { sender: own, receiver: receiver! };
    } catch (error) {
      if (error instanceof KeyError) throw new JobFailure(error.code, error.message, { cause: error });
      throw error;
    }
    throw new JobFailure(
      'key-not-published',
      `no key of this node from the last ${keyDays} days is published under ${of.system}: the records to publish are shown by \`causeway opja keys\`, and \`causeway opja keys --new\` makes one`,
    );
  }

  get #path(): string {
    return join(this.#services.home.folder, 'opja', 'keys.json');
  }
}
