import type { WorkFile, WorkFolder } from './work-folder.ts';

/**
 * Holds files open for as long as `use` takes. All are closed after it, and where one cannot be opened the others are closed too: a disk
 * that fails again and again must not cost a handle each time.
 * @param names of the files in the folder, by what `use` calls them.
 */
export async function withFiles<Name extends string, Result>(
  work: WorkFolder,
  names: Readonly<Record<Name, string>>,
  use: (files: Readonly<Record<Name, WorkFile>>) => Promise<Result>,
): Promise<Result> {
  const opened = await Promise.allSettled(
    Object.entries<string>(names).map(async ([key, name]) => [key, await work.open(name)] as const),
  );
  const files = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return await use(Object.fromEntries(files) as Record<Name, WorkFile>);
  } finally {
    await Promise.all(files.map(([, file]) => file.close()));
  }
}
