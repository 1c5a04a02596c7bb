/** `causeway ledger …`: this node’s copy of what the network has put on record. */
import { type CommandFile, command } from '../command.ts';
import { type PageOptions, pageOptions } from '../parse.ts';
import { exitCodes } from '../problem.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command({
    usage: 'ledger verify',
    examples: ['ledger verify'],
    run: async (cli) => {
      const answer = await cli.api().ledger.verify();
      const labels = words.ledger;
      cli.answer(answer, () => [
        answer.ok ? labels.ok : labels.broken,
        ...facts([
          [labels.records, number(answer.records)],
          [labels.root, answer.root],
          [labels.cosigners, answer.cosigners.join(', ') || labels.nobody],
          [labels.detail, answer.detail],
          [labels.firstBroken, answer.firstBroken === undefined ? undefined : number(answer.firstBroken)],
        ]),
      ]);
      return answer.ok ? exitCodes.done : exitCodes.failed;
    },
  }),
  command<PageOptions & { type?: string }>({
    usage: 'ledger show',
    options: [{ flags: '--type <type>', about: words.options.recordType }, ...pageOptions(words)],
    examples: ['ledger show --limit 20', 'ledger show --type agreement.signed'],
    run: async (cli, { options }) => {
      const answer = await cli.api().ledger.show(options);
      const labels = words.ledger;
      cli.answer(answer, () => [
        ...table(
          [
            { title: labels.index, right: true },
            { title: labels.at },
            { title: labels.type },
            { title: labels.author },
          ],
          answer.items.map((record) => [
            number(record.index),
            time(record.sequencedAt),
            record.entry.type,
            record.entry.author,
          ]),
        ),
        ...words.more(answer.next),
      ]);
    },
  }),
  command({
    usage: 'ledger head',
    examples: ['ledger head'],
    run: async (cli) => {
      const head = await cli.api().ledger.head();
      // The note is a signed text: shown line by line as it is.
      cli.answer(head, () => head.note.replace(/\n$/, '').split('\n').map(visible));
    },
  }),
];
export default file;
