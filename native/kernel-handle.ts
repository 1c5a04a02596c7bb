/** A kernel that holds threads. */
import type { Kernel, KernelName } from '@causeway/core/group';

export interface KernelHandle extends Kernel {
  /** Classes that this machine could run, and that are not used because they gave a wrong known answer: something is broken here. */
  readonly distrusted: readonly KernelName[];
  /** Ends the threads; what is under way is refused. */
  close(): Promise<void>;
}
