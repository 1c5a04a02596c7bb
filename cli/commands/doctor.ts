/** `causeway doctor`: what is wrong, and what to do about it. */
import { type CommandFile, command } from '../command.ts';
import { exitCodes } from '../problem.ts';
import { organisationOf } from '../reference.ts';
import { facts } from '../show/table.ts';
import { visible } from '../show/text.ts';

const file: CommandFile = (words) => [
  command<{ peer?: string }>({
    usage: 'doctor',
    options: [{ flags: '--peer <org>', about: words.options.peer }],
    examples: ['doctor', 'doctor --peer borealis'],
    run: async (cli, { options }) => {
      const peer = options.peer === undefined ? {} : { peer: await organisationOf(cli, options.peer) };
      const answer = await cli.api().node.doctor(peer);
      cli.answer(answer, () => [
        ...answer.checks.flatMap((check) => [
          ...facts([[check.ok ? words.doctor.ok : words.doctor.failed, `${check.name}: ${check.detail}`]]),
          ...(check.ok || check.remedy === undefined
            ? []
            : [`  ${words.problem.labels.remedy}${words.colon}${visible(check.remedy)}`]),
        ]),
        answer.ok ? words.doctor.allWell : words.doctor.someFailed(answer.checks.filter((check) => !check.ok).length),
      ]);
      return answer.ok ? exitCodes.done : exitCodes.failed;
    },
  }),
];
export default file;
