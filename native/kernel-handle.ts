import type { RowSorter } from '@causeway/core/bytes';
import type { Kernel, KernelName } from '@causeway/core/group';

/** A kernel that holds threads until it is closed. */
export interface KernelHandle extends Kernel, RowSorter {
  /** Faster ones that this processor has, and that are not used since they gave wrong known answers: something is broken here. */
  readonly distrusted: readonly KernelName[];
  /** Ends the threads; batches under way are refused. */
  close(): Promise<void>;
}
