/** What the parts of a node share. */
import type { Settings } from '@causeway/core/api';
import type { RandomSource } from '@causeway/core/random';
import type { KernelHandle, VoleKernelHandle } from '@causeway/native';
import type { Engine } from '../engine/index.ts';
import type { Home } from '../home/index.ts';
import type { Capacities } from '../jobs/match/capacities.ts';
import type { LinkClock, NodeLinks } from '../link/index.ts';
import type { Log } from '../observe/index.ts';
import type { OpenStore, Store } from '../store/index.ts';
import type { Check } from './doctor.ts';
import type { Network } from './network.ts';

export interface Services {
  readonly home: Home;
  readonly software: string;
  readonly startedAtMs: number;
  readonly store: Store;
  readonly database: OpenStore;
  readonly engine: Engine;
  readonly kernel: KernelHandle;
  /** What psi/vole runs on; undefined where the native library is not there. */
  readonly vole: VoleKernelHandle | undefined;
  readonly links: NodeLinks;
  readonly clock: LinkClock;
  readonly random: RandomSource;
  readonly log: Log;
  readonly network: Network;
  readonly capacities: Capacities;
  readonly settings: () => Promise<Settings>;
  /** Checks the way to a partner and back. */
  readonly doctor: (peer: string) => Promise<Check[]>;
  /** Asks the process to stop. */
  readonly stop: () => void;
}

/** RFC 3339, as every answer of the API says times. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
