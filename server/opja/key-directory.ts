/** The OPJA keys that a domain publishes: in DNS, or settled on this machine in place of it. */
import { Resolver } from 'node:dns/promises';
import {
  decodeKey,
  deliveryName,
  domainName,
  parseDelivery,
  parseRoot,
  RecordError,
  rootName,
} from '@causeway/core/protocols/opja';

/** Keys that could not be had. The message says what to do. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code:
    | 'key-record-missing'
    | 'key-record-malformed'
    | 'key-lookup-failed'
    | 'key-not-published'
    | 'bad-key-file';

  constructor(code: KeyError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface KeyDirectoryOptions {
  /** Of name servers, as addresses with or without a port; empty: those of the machine. */
  readonly servers: readonly string[];
  /** In place of DNS, the current key first. */
  readonly settled: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** How long one question to one server may take, and how often it is asked. */
const timeoutMs = 2_000;
const tries = 2;

export class KeyDirectory {
  readonly #resolver: Resolver;
  readonly #settled: KeyDirectoryOptions['settled'];

  constructor({ servers, settled }: KeyDirectoryOptions) {
    this.#resolver = new Resolver({ timeout: timeoutMs, tries });
    if (servers.length > 0) this.#resolver.setServers(servers);
    this.#settled = settled;
  }

  /** The keys of a domain, the current one first. @throws {KeyError} */
  async keysOf(domain: string): Promise<readonly Uint8Array[]> {
    const settled = this.#settled.get(domain);
    if (settled) return settled;
    const authority = await this.#record(rootName(domain), parseRoot);
    return this.#record(deliveryName(authority), parseDelivery);
  }

  async #record<T>(name: string, parse: (records: string[][]) => T): Promise<T> {
    let records: string[][];
    try {
      records = await this.#resolver.resolveTxt(name);
    } catch (error) {
      throw lookupError(name, error);
    }
    try {
      return parse(records);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      if (error.code === 'no-record') throw missing(name, error);
      throw new KeyError(
        'key-record-malformed',
        `the TXT record of ${name} is not what OPJA asks for: ${error.message}. Whoever runs that domain has to correct it.`,
        { cause: error },
      );
    }
  }
}

/** What DNS says that there is no such name, or no such record. */
const noSuch = new Set(['ENOTFOUND', 'ENODATA']);

function lookupError(name: string, error: unknown): KeyError {
  const { code = 'unknown' } = error as { code?: string };
  if (noSuch.has(code)) return missing(name, error);
  return new KeyError(
    'key-lookup-failed',
    `DNS gave no answer about ${name} (${code}). Try again later, name another server (setting dnsServers), or settle the keys of the domain here (setting opjaKeys).`,
    { cause: error },
  );
}

function missing(name: string, cause: unknown): KeyError {
  return new KeyError(
    'key-record-missing',
    `${name} has no TXT record of OPJA. Whoever runs that domain has to publish it; on a machine without DNS, settle the keys of the domain here (setting opjaKeys).`,
    { cause },
  );
}

/** Keys in place of DNS. @param texts as settings and the command line have them: `dsp.example=KEY,OLDER`. @throws {KeyError} `bad-key-file`. */
export function settledKeys(texts: readonly string[]): Map<string, readonly Uint8Array[]> {
  return new Map(
    texts.map((text) => {
      const [domain = '', keys = ''] = text.split('=');
      try {
        if (!domainName.test(domain)) throw new RecordError('malformed-record', 'the domain is none');
        return [domain, keys.split(',').map(decodeKey)] as const;
      } catch (cause) {
        throw new KeyError('bad-key-file', `${JSON.stringify(text)} is not domain=KEY or domain=KEY,OLDER`, { cause });
      }
    }),
  );
}
