/** `causeway down`: ends the node, and a database that outlived it. */
import { join } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { runningPid, stopProcess } from '../node/background.ts';

const file: CommandFile = (words) => [
  command({
    usage: 'down',
    examples: ['down', 'down --home ./borealis'],
    run: async (cli) => {
      const { name, organisation } = cli.config();
      const pid = await runningPid(cli.home);
      if (pid !== undefined) {
        cli.note(words.down.stopping(name));
        await stopProcess(cli, pid);
      }
      // A node that was killed leaves its database running, so that it can be adopted.
      const { stopEmbedded } = await import('@causeway/server/store');
      const database = await stopEmbedded(join(cli.home, 'database'));
      cli.answer({ organisation, stopped: pid !== undefined, database }, () => [
        pid !== undefined
          ? words.down.stopped(name)
          : database
            ? words.down.database(name)
            : words.down.notRunning(name),
      ]);
    },
  }),
];
export default file;
