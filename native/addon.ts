/** The compiled addon (src/node), with types; and which of its classes may be trusted on this machine. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { GroupError, KernelName } from '@causeway/core/group';

/** Classes of processors for which the addon has code of its own. */
export type NativeClass = Exclude<KernelName, 'wasm'>;

/** A pool of threads inside the addon. It does not keep the process alive while no call is under way. */
export type PoolHandle = { readonly pool: unique symbol };

/** The first row of a batch that is no element. */
export interface Fault {
  readonly code: Exclude<GroupError['code'], 'malformed-scalar'>;
  readonly index: number;
}

/**
 * What the addon exports. Every length is checked in C++ before use. The bytes that a call is given are read on other threads until its
 * promise is settled: they must not be written, transferred or resized before that. Results are new buffers.
 * @throws {TypeError | RangeError} at once, naming the argument.
 */
export interface Addon {
  /** Those that the processor has, the best first. */
  readonly classes: readonly NativeClass[];
  /** Whether a class gives its known answers; takes some milliseconds, here and now. */
  passesSelfTest(of: NativeClass): boolean;
  /** @throws {Error} `ERR_KERNEL_THREADS` when the system gives not one thread. */
  openPool(threadCount: number): PoolHandle;
  /** Ends the threads. Calls that are not done are rejected with `ERR_KERNEL_CLOSED`. */
  closePool(pool: PoolHandle): Promise<void>;

  /** scalar · H(prefix ‖ keyᵢ), as the port says. */
  blind(
    pool: PoolHandle,
    by: NativeClass,
    keys: Uint8Array,
    prefix: Uint8Array,
    dst: Uint8Array,
    scalar: Uint8Array,
  ): Promise<Uint8Array | Fault>;
  /** Tags of scalar · pointᵢ, as the port says. */
  evaluate(
    pool: PoolHandle,
    by: NativeClass,
    points: Uint8Array,
    scalar: Uint8Array,
    context: Uint8Array,
    tagBytes: number,
  ): Promise<Uint8Array | Fault>;
  /** scalar · pointᵢ. */
  multiply(pool: PoolHandle, by: NativeClass, points: Uint8Array, scalar: Uint8Array): Promise<Uint8Array | Fault>;
  /** scalar · the element of 64 uniform bytes each (RFC 9496 §4.3.4). */
  multiplyMapped(
    pool: PoolHandle,
    by: NativeClass,
    uniform: Uint8Array,
    scalar: Uint8Array,
  ): Promise<Uint8Array | Fault>;
}

/** The addon as it may be used here. */
export interface TrustedAddon {
  readonly addon: Addon;
  /** Classes that gave their known answers, the best first. */
  readonly classes: readonly NativeClass[];
  /** Classes that the processor has, and that did not. */
  readonly distrusted: readonly NativeClass[];
}

let loaded: TrustedAddon | undefined | 'not yet' = 'not yet';

/** Loads the addon once. @returns undefined where it was not compiled, or where this Node cannot load it. */
export function loadAddon(): TrustedAddon | undefined {
  if (loaded === 'not yet') loaded = load();
  return loaded;
}

function load(): TrustedAddon | undefined {
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)(fileURLToPath(new URL('./build/causeway.node', import.meta.url)));
  } catch {
    // build.js said why, when it ran; and the kernel's name says which one works now.
    return undefined;
  }
  return trusted(addon);
}

/** Sorts an addon's classes by their self-tests. */
export function trusted(addon: Addon): TrustedAddon {
  const passing = new Set(addon.classes.filter((each) => addon.passesSelfTest(each)));
  return {
    addon,
    classes: addon.classes.filter((each) => passing.has(each)),
    distrusted: addon.classes.filter((each) => !passing.has(each)),
  };
}
