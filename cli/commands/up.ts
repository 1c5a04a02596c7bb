/** `causeway up`: the node, here or in the background. */
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { startInBackground } from '../node/background.ts';
import { facts } from '../show/table.ts';

const file: CommandFile = (words) => [
  command<{ detach?: true }>({
    usage: 'up',
    options: [{ flags: '--detach', about: words.up.detachAbout }],
    examples: ['up --detach', 'up --home ./borealis'],
    run: (cli, { options }) => (options.detach ? upInBackground(cli) : upHere(cli)),
  }),
];
export default file;

async function upInBackground(cli: Cli): Promise<void> {
  const { words } = cli;
  const config = cli.config();
  cli.note(words.up.starting(config.name));
  const { pid, log } = await startInBackground(cli, { home: cli.home, api: config.api });
  const url = `http://${config.api}`;
  cli.answer({ organisation: config.organisation, url, listen: config.listen, pid, log }, () => [
    ...facts([
      [words.up.url, url],
      [words.up.listens, config.listen],
      [words.up.log, log],
    ]),
    words.next('causeway status'),
  ]);
}

/** Runs until Ctrl-C, a request to end, or `node.stop`; then ends running work at its last checkpoint. */
async function upHere(cli: Cli): Promise<void> {
  const { words, terminal } = cli;
  const config = cli.config();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const forget = terminal.onInterrupt(end);
  try {
    cli.note(words.up.starting(config.name));
    const { startNode } = await import('@causeway/server/node');
    const node = await startNode({
      home: cli.home,
      databaseUrl: terminal.env.DATABASE_URL,
      kernel: terminal.env.CAUSEWAY_KERNEL,
      onStopRequest: end,
    });
    try {
      const { organisation, listen } = config;
      cli.answer({ organisation, url: node.url, listen, pid: process.pid }, () => [words.up.ready(node.url)]);
      await ended;
      cli.note(words.up.stopping);
    } finally {
      await node.close();
    }
  } finally {
    forget();
  }
}
