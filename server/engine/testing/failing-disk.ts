/** A disk whose n-th operation fails, and with it, for a full or broken disk, every later one that writes. */
import { type Disk, systemDisk } from '../disk.ts';

export interface FailingDisk extends Disk {
  /** Operations asked for so far. */
  readonly operationCount: number;
}

/** @param failAt counts from 1; 0 never fails. */
export function failingDisk(failAt: number, code: 'EIO' | 'ENOSPC' | 'EACCES' | 'EMFILE'): FailingDisk {
  let operationCount = 0;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    operationCount += 1;
    if (operationCount === failAt) throw Object.assign(new Error(`${code}: made to fail`), { code });
    return work();
  };
  return {
    get operationCount() {
      return operationCount;
    },
    create: (path) => attempt(() => systemDisk.create(path)),
    write: (file, bytes) => attempt(() => systemDisk.write(file, bytes)),
    flush: (path, what) => attempt(() => systemDisk.flush(path, what)),
    rename: (from, to) => attempt(() => systemDisk.rename(from, to)),
    makeFolder: (path) => attempt(() => systemDisk.makeFolder(path)),
    freeBytes: (folder) => attempt(() => systemDisk.freeBytes(folder)),
    // Removal is how a failed task cleans up; a disk that cannot even do that leaves the partial name, never the final one.
    remove: systemDisk.remove,
  };
}
