/** `causeway budget …`: what figures with noise may tell partners, and have told them. */
import { shownRho } from '@causeway/core/policy';
import { type CommandFile, command } from '../command.ts';
import { table } from '../show/table.ts';
import { time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command({
    usage: 'budget list',
    examples: ['budget list'],
    run: async (cli) => {
      const answer = await cli.api().budget.list();
      const labels = words.budget;
      cli.answer(answer, () =>
        answer.items.length === 0
          ? [labels.none]
          : answer.items.flatMap(({ name, partner, committed, most, spent }) => [
              labels.used({ dataset: name, partner, used: shownRho(committed), most: shownRho(most) }),
              ...table(
                [{ title: 'ρ', right: true }, { title: labels.what }, { title: labels.by }, { title: labels.at }],
                spent.map(({ rho, purpose, by, at }) => [
                  shownRho(rho),
                  purpose,
                  by,
                  at === undefined ? '-' : time(at),
                ]),
              ),
            ]),
      );
    },
  }),
];
export default file;
