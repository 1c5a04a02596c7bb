/** `causeway backup`: the whole node in one folder, made by the node itself where it runs. */
import { resolve } from 'node:path';
import { ApiError } from '@causeway/sdk';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { followOperation } from '../follow.ts';
import { runningPid } from '../node/background.ts';
import { CommandError, exitCodes } from '../problem.ts';
import { type Backup, backupLines } from '../show/backup.ts';
import { progressLine } from '../show/progress.ts';
import { version } from '../version.ts';
import { answerOperation } from './operation.ts';

const file: CommandFile = (words) => [
  command<{ to: string }>({
    usage: 'backup',
    options: [{ flags: '--to <folder>', about: words.options.backupTo, required: true }],
    examples: ['backup --to aurora-monday'],
    run: async (cli, { options }) => {
      const to = resolve(cli.terminal.folder, options.to);
      const operation = await begin(cli, to);
      if (operation !== undefined) return answerOperation(cli, await followOperation(cli, operation));
      const backup = await backUpHere(cli, to);
      cli.answer(backup, () => backupLines(cli, backup));
      return exitCodes.done;
    },
  }),
];
export default file;

/** @returns the operation of the node; undefined where the node does not run. */
async function begin(cli: Cli, to: string): Promise<string | undefined> {
  cli.config();
  try {
    return (await cli.api().node.backup({ to })).operation;
  } catch (error) {
    // A node that was never started has no token yet.
    const isSilent = error instanceof ApiError ? error.code === 'unreachable' : error instanceof CommandError;
    if (!isSilent || (await runningPid(cli.home)) !== undefined) throw error;
    return undefined;
  }
}

/** In this process, whose database runs for as long as that takes. */
async function backUpHere(cli: Cli, to: string): Promise<Backup> {
  const { openHome } = await import('@causeway/server/home');
  const { backUpStopped } = await import('@causeway/server/backup');
  const stop = new AbortController();
  const forget = cli.terminal.onInterrupt(() => stop.abort());
  const line = progressLine(cli);
  try {
    const { folder: path, ...report } = await backUpStopped({
      home: await openHome(cli.home),
      databaseUrl: cli.terminal.env.DATABASE_URL,
      to,
      software: version,
      nowMs: Date.now(),
      signal: stop.signal,
      onProgress: ({ done, total }) => line.update({ status: 'running', stage: 'writing', progress: done / total }),
    });
    return { kind: 'backup', path, ...report };
  } catch (error) {
    if (stop.signal.aborted) throw new CommandError('interrupted', cli.words.backup.interrupted, undefined, error);
    throw error;
  } finally {
    line.end();
    forget();
  }
}
