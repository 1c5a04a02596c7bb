/** `causeway restore`: a node's home from a backup. */
import { resolve } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { CommandError } from '../problem.ts';
import { facts } from '../show/table.ts';
import { bytes, number, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command<{ from: string }>({
    usage: 'restore',
    options: [{ flags: '--from <folder>', about: words.options.restoreFrom, required: true }],
    examples: ['restore --from aurora-monday --home ./aurora'],
    run: async (cli, { options }) => {
      const { restore } = await import('@causeway/server/backup');
      const stop = new AbortController();
      const forget = cli.terminal.onInterrupt(() => stop.abort());
      const report = await restore({
        from: resolve(cli.terminal.folder, options.from),
        home: cli.home,
        nowMs: Date.now(),
        signal: stop.signal,
      })
        .catch((error) => {
          throw stop.signal.aborted
            ? new CommandError('interrupted', words.restore.interrupted, undefined, error)
            : error;
        })
        .finally(forget);
      const { organisation, name, at, database, databaseVersion, ledger } = report.backup;
      const made = { at, database, databaseVersion, ...(ledger === undefined ? {} : { ledger }) };
      const { home, files, bytes: size } = report;
      cli.answer({ home, organisation, name, files, bytes: size, backup: made }, () => [
        ...facts([
          [words.restore.home, home],
          [words.restore.organisation, `${name} (${organisation})`],
          [words.restore.made, time(at)],
          [words.restore.files, `${number(files)} (${bytes(size)})`],
          [words.restore.ledger, ledger && words.restore.atLeast(number(ledger.records), ledger.root)],
        ]),
        ...(database === 'external' ? [words.restore.external] : []),
        words.restore.only,
        words.next('causeway up --detach'),
      ]);
    },
  }),
];
export default file;
