/** Files that a command itself reads and writes. */
import { readFile, writeFile } from 'node:fs/promises';
import { JsonError, parseJson } from '@causeway/core/json';
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

/** Of a ledger of a hundred thousand records. */
const documentLimits = { bytesMax: 512 * 2 ** 20, depthMax: 64, valuesMax: 20_000_000 };

/** A JSON document that a stranger may have made. @throws {CommandError} `file` with the place of what is wrong with it. */
export async function readDocument(cli: Cli, path: string): Promise<unknown> {
  const text = await readText(cli, path);
  try {
    return parseJson(text, documentLimits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CommandError('file', cli.words.files.notJson(path, error.message), cli.words.files.remedy, error);
  }
}

/** `ENOENT`, `EACCES`: what every manual explains. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
