/** `causeway activation …`: what an advertiser has of an activation. A publisher has ids and labels beside its rows: `audience export`. */
import { resolve } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { followOperation } from '../follow.ts';
import { answerOperation } from './operation.ts';

const file: CommandFile = (words) => [
  command<{ to: string }, [string]>({
    usage: 'activation export <job>',
    options: [{ flags: '--to <file>', about: words.options.to, required: true }],
    examples: ['activation export job-7d1f --to ids.txt'],
    run: async (cli, { arguments: [job], options }) => {
      const to = resolve(cli.terminal.folder, options.to);
      const { operation } = await cli.api().activation.export({ job, to });
      return answerOperation(cli, await followOperation(cli, operation));
    },
  }),
];
export default file;
