/**
 * One kind of identifier on its way through a match, at one side: from match keys in files to own rows, whatever protocol the terms name.
 * Each part can be done again after a restart, and finds what an earlier attempt has left.
 */
import type { RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import type { Learns, MatchProtocol, RunBinding, Side } from '@causeway/core/protocols';
import type { VoleKernel } from '@causeway/core/protocols/psi-vole';
import type { RandomSource } from '@causeway/core/random';
import type { Channel } from '../../link/index.ts';
import { JobFailure } from '../life/index.ts';
import type { BitSet, WorkFolder } from '../work/index.ts';
import type { AttemptOptions } from './attempt.ts';
import { EcdhRound } from './ecdh/ecdh-round.ts';
import type { KeySet } from './key-set.ts';
import { OprfClientRound } from './oprf/client-round.ts';
import type { OprfPorts } from './oprf/ports.ts';
import { OprfServerRound } from './oprf/server-round.ts';
import { VoleRound } from './vole/vole-round.ts';

export interface RoundOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  /** What psi/vole runs on; undefined where the native library is not there. */
  readonly vole?: VoleKernel | undefined;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Position in the waterfall, from 0: file names and the run's id depend on it. */
  readonly index: number;
  readonly binding: RunBinding;
  readonly plan: Uint8Array;
  readonly side: Side;
  readonly learns: { readonly own: Learns; readonly peer: Learns };
  /** Of the terms. */
  readonly traffic?: 'low' | undefined;
  readonly peerCount: { readonly min: number; readonly max: number };
  /** Rows of the own dataset. */
  readonly rowBound: number;
  readonly silenceMs: number;
  /** Rows in a message; the protocol's own, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number | undefined;
  /** Where tables are kept, and what their keys may answer; for psi/oprf alone. */
  readonly oprf?: (() => Promise<OprfPorts>) | undefined;
  readonly onProgress: (progress: RoundProgress) => void;
}

export interface RoundProgress {
  readonly stage: 'commit' | 'exchange';
  readonly done: number;
  readonly total: number;
}

/** What both sides know when an exchange has ended. */
export interface ExchangeResult {
  readonly peer: { readonly count: number; readonly root: Uint8Array; readonly kernel: string };
  /** Digest that both sides computed over the whole exchange, 32 bytes. */
  readonly transcript: Uint8Array;
  /** The key that answers were made with, where the protocol has one. */
  readonly key?: { readonly epoch: number; readonly publicKey: Uint8Array };
}

/** What a side holds after a round. */
export interface RoundResult {
  /** Distinct own keys that are in the partner's list; undefined for a side that learns nothing. */
  readonly matchedKeys: number | undefined;
  /** Rows that carry them; undefined unless this side learns rows. */
  readonly rows: BitSet | undefined;
}

export interface MatchRound {
  /** The kernel that this side's arithmetic runs on, as the partner is told. */
  readonly kernel: string;
  /** Names of the files that the keys are brought in: 16 bytes a row, and 4 bytes of row number. */
  readonly keyFiles: { readonly keys: string; readonly rows: string };
  /** Name of the file of distinct keys, 16 bytes each; there once the round is prepared. */
  readonly setFile: string;
  /** The set's size, if an earlier attempt has prepared it. */
  prepared(): Promise<KeySet | undefined>;
  /** @param rowCount rows in {@link keyFiles}. */
  prepare(rowCount: number): Promise<KeySet>;
  /** Fixes the list before anything of it is said. @returns the commitment to it, 32 bytes. */
  commit(set: KeySet, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * One attempt over one channel; call it again after an interruption. Its end is remembered, and it can be served again to a peer that
   * lost it.
   * @throws {ProtocolError} for a peer that leaves the protocol; {LinkError} for a channel that ended.
   */
  exchange(set: KeySet, commitment: Uint8Array, channel: Channel, how: AttemptOptions): Promise<ExchangeResult>;
  /** The result of an exchange that has ended, before a restart perhaps. */
  exchanged(): Promise<ExchangeResult | undefined>;
  /** What this side learned, once. @throws {ProtocolError} for answers that contradict each other. */
  join(set: KeySet, exchange: ExchangeResult): Promise<RoundResult>;
}

/** Opens the round of a protocol. @throws {JobFailure} `native-library-missing`. */
export function openRound(protocol: MatchProtocol, options: RoundOptions): MatchRound {
  switch (protocol) {
    case 'psi/ecdh':
      return new EcdhRound(options);
    case 'psi/oprf': {
      const { oprf, learns } = options;
      if (!oprf) throw new RangeError('psi/oprf needs a place for its tables');
      return learns.own === 'rows' ? new OprfClientRound(options, oprf) : new OprfServerRound(options, oprf);
    }
    case 'psi/vole':
      if (options.vole) return new VoleRound(options, options.vole);
      throw new JobFailure(
        'native-library-missing',
        'psi/vole needs the native library, which is not there: install a C++ compiler and run "npm run build:native", or agree on psi/ecdh',
      );
  }
}
