/** Files that a command itself reads and writes. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Cli } from './cli.ts';
import { CommandError } from './problem.ts';

/** Writes a file for its owner’s eyes. @throws {CommandError} `file` where it exists already, unless `--yes` was given. */
export async function writeNew(cli: Cli, path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: cli.yes ? 'w' : 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new CommandError('file', cli.words.files.exists(path), cli.words.files.existsRemedy, error);
    }
    throw new CommandError('file', cli.words.files.unwritable(path, reason(error)), cli.words.files.remedy, error);
  }
}

/** @throws {CommandError} `file` where it cannot be read. */
export async function readText(cli: Cli, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError('file', cli.words.files.unreadable(path, reason(error)), cli.words.files.remedy, error);
  }
}

/** `ENOENT`, `EACCES`: what every manual explains. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
