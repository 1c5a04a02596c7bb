/** `causeway evidence …`: proof of what went in, what ran and what came out. */
import { resolve } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { writeNew } from '../files.ts';
import { visible } from '../show/text.ts';

const file: CommandFile = (words) => [
  command<{ to: string }, [string]>({
    usage: 'evidence export <job>',
    options: [{ flags: '--to <file>', about: words.options.to, required: true }],
    examples: ['evidence export job-7d1f --to evidence.json'],
    run: async (cli, { arguments: [job], options }) => {
      const evidence = await cli.api().evidence.export({ job });
      const path = resolve(cli.terminal.folder, options.to);
      await writeNew(cli, path, `${JSON.stringify(evidence)}\n`);
      cli.answer(evidence, () => [
        words.evidence.written(visible(path)),
        words.next(`causeway evidence verify ${visible(options.to)}`),
      ]);
    },
  }),
];
export default file;
