/** `causeway run`: one execution of an agreement, followed to its end. */
import { type CommandFile, command } from '../command.ts';
import { followJob } from '../follow.ts';
import { exitCodes } from '../problem.ts';
import { agreementOf } from '../reference.ts';
import { answerEnded } from './job.ts';

const file: CommandFile = (words) => [
  command<{ detach?: true }, [string]>({
    usage: 'run <agreement>',
    options: [{ flags: '--detach', about: words.options.detachRun }],
    examples: ['run 3f2a9c04d1be', 'run 3f2a9c04d1be --detach'],
    run: async (cli, { arguments: [text], options }) => {
      const started = await cli.api().job.run({ agreement: await agreementOf(cli, text) });
      if (options.detach) {
        cli.answer(started, () => [
          words.job.started(started.job),
          words.next(`causeway job show ${started.job} --follow`),
        ]);
        return exitCodes.done;
      }
      cli.note(words.job.started(started.job));
      return answerEnded(cli, await followJob(cli, started.job));
    },
  }),
];
export default file;
