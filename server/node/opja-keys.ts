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
  readonly #services: Pick<Services, 'home' | 'settings' | 'clock' | 'random'>;

  constructor(services: Pick<Services, 'home' | 'settings' | 'clock' | 'random'>) {
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

  /** What a domain publishes, and whether one of these keys that still seals labels is among it. @throws {KeyError} */
  async published(
    domain: string,
    own: KeyFile,
  ): Promise<{ readonly keys: readonly Uint8Array[]; readonly own: KemKeyPair | undefined }> {
    const keys = await (await this.#directory()).keysOf(domain);
    return { keys, own: this.#sealing(own, keys) };
  }

  /** The newest own pair that is published under the system's domain, and the receiver's current key. @throws {JobFailure} with what to publish. */
  async labelKeys(of: {
    readonly system: string;
    readonly receiver: string;
  }): Promise<{ readonly sender: KemKeyPair; readonly receiver: Uint8Array }> {
    try {
      const directory = await this.#directory();
      const own = this.#sealing(await this.list(), await directory.keysOf(of.system));
      const [receiver] = await directory.keysOf(of.receiver);
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

  async #directory(): Promise<KeyDirectory> {
    const { dnsServers, opjaKeys } = await this.#services.settings();
    return new KeyDirectory({ servers: dnsServers, settled: settledKeys(opjaKeys) });
  }

  /** The newest of the own pairs that is published and not too old to seal labels. */
  #sealing({ keys }: KeyFile, published: readonly Uint8Array[]): KemKeyPair | undefined {
    const sinceMs = this.#services.clock.wallMs() - keyDays * dayMs;
    return keys.find(
      ({ pair, madeAt }) => Date.parse(madeAt) > sinceMs && published.some((key) => equalBytes(key, pair.publicKey)),
    )?.pair;
  }

  get #path(): string {
    return join(this.#services.home.folder, 'opja', 'keys.json');
  }
}
