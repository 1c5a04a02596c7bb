import type { RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';

/** A kernel that holds threads until it is closed. */
export interface KernelHandle extends Kernel, RowSorter {
  /** Ends the threads; batches under way are refused. */
  close(): Promise<void>;
}
