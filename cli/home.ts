/** A node’s home folder, as far as the commands read it: where its API listens, and the token that opens it. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { reason } from './files.ts';
import { CommandError } from './problem.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words/index.ts';

/** `config.json`, written when the node was made. It holds more than is read here. */
const config = z.looseObject({
  organisation: z.string(),
  name: z.string(),
  listen: z.string().optional(),
  api: z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+):\d{1,5}$/, 'expected host:port'),
});
export type HomeConfig = z.infer<typeof config>;

/** `--home`, else `CAUSEWAY_HOME`, else `~/.causeway`; absolute. */
export function homeFolder(option: string | undefined, terminal: Terminal): string {
  const named = option ?? (terminal.env.CAUSEWAY_HOME || undefined);
  return named === undefined ? join(terminal.env.HOME ?? homedir(), '.causeway') : resolve(terminal.folder, named);
}

/** @throws {CommandError} `no-home` where nothing was made there, `broken-home` where the file cannot be used. */
export function readConfig(folder: string, words: Words): HomeConfig {
  const file = join(folder, 'config.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CommandError('no-home', words.home.none(folder), words.home.noneRemedy);
    }
    throw new CommandError('broken-home', words.files.unreadable(file, reason(error)), words.files.remedy, error);
  }
  try {
    return config.parse(JSON.parse(text));
  } catch (error) {
    const found = error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : '';
    throw new CommandError('broken-home', words.home.broken(file, found), words.home.brokenRemedy, error);
  }
}

/** The bearer token: `CAUSEWAY_TOKEN` for a person with a token of their own, else the one beside the configuration. */
export function readToken(folder: string, terminal: Terminal, words: Words): string {
  const own = terminal.env.CAUSEWAY_TOKEN?.trim();
  if (own) return own;
  const file = join(folder, 'admin.token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError('broken-home', words.home.noToken(file), words.home.noTokenRemedy, error);
  }
}
