import { WorkError } from '../../work/index.ts';

/**
 * Runs something that reads a stored table. Where the disk gives back something else than was written, the table is forgotten first, so that the
 * next run makes or fetches another one, and does not meet the same damage.
 */
export async function whenDamaged<Result>(read: () => Promise<Result>, forget: () => Promise<void>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WorkError && error.code === 'stored-data-damaged') await forget();
    throw error;
  }
}
