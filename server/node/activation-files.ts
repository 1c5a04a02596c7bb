/** What an advertiser keeps of its activations, in the home: which rows had opted out when each ran, and with PAIR the ids of people whom both have. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../home/index.ts';

const folderName = 'activations';

/** Of which rows an activation was made: other rows have other numbers. */
const madeOf = z.strictObject({ dataset: z.string(), sha256: z.string() });

export type MadeOf = z.infer<typeof madeOf>;

/** Paths, relative to the home. */
export function activationFiles(job: string): {
  readonly madeOf: string;
  readonly optedOut: string;
  readonly ids: string;
} {
  const name = (part: string) => join(folderName, `${job}.${part}`);
  return { madeOf: name('json'), optedOut: name('opted-out'), ids: name('ids') };
}

export async function keepMadeOf(home: string, job: string, of: MadeOf): Promise<void> {
  await mkdir(join(home, folderName), { recursive: true, mode: 0o700 });
  await writeWhole(join(home, activationFiles(job).madeOf), JSON.stringify(of));
}

/** @returns undefined where nothing is kept of the job any more. */
export async function madeOfWhat(home: string, job: string): Promise<MadeOf | undefined> {
  try {
    return madeOf.parse(JSON.parse(await readFile(join(home, activationFiles(job).madeOf), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Paths of all that is kept of activations of a dataset, relative to the home. */
export async function activationFilesOf(home: string, dataset: string): Promise<readonly string[]> {
  const names = await readdir(join(home, folderName)).catch(() => []);
  const jobs = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const kept = await Promise.all(jobs.map(async (job) => ({ job, of: await madeOfWhat(home, job) })));
  return kept.filter(({ of }) => of?.dataset === dataset).flatMap(({ job }) => Object.values(activationFiles(job)));
}
