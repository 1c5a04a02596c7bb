/** `causeway ledger …`: this node’s copy of what the network has put on record. */
import { resolve } from 'node:path';
import { type CommandFile, command } from '../command.ts';
import { readDocument, writeNew } from '../files.ts';
import { type CopyReport, copyLedger, verifyCopy } from '../ledger-copy.ts';
import { type PageOptions, pageOptions, publicKey } from '../parse.ts';
import { exitCodes } from '../problem.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command<{ file?: string; operatorKey?: Uint8Array }>({
    usage: 'ledger verify',
    options: [
      { flags: '--file <file>', about: words.ledger.fileAbout },
      { flags: '--operator-key <key>', about: words.options.operatorKey, parse: publicKey(words) },
    ],
    examples: ['ledger verify', 'ledger verify --file ledger.json'],
    run: async (cli, { options }) => {
      const answer: CopyReport =
        options.file === undefined
          ? await cli.api().ledger.verify()
          : verifyCopy(await readDocument(cli, resolve(cli.terminal.folder, options.file)), options.operatorKey);
      const labels = words.ledger;
      cli.answer(answer, () => [
        answer.ok ? labels.ok : labels.broken,
        ...facts([
          [labels.records, number(answer.records)],
          [labels.root, answer.root || undefined],
          [labels.cosigners, answer.cosigners.join(', ') || labels.nobody],
          [labels.detail, answer.detail],
          [labels.firstBroken, answer.firstBroken === undefined ? undefined : number(answer.firstBroken)],
        ]),
        ...(answer.operatorKeyGiven === false ? [words.evidence.keyNotGiven(visible(answer.operator ?? ''))] : []),
      ]);
      return answer.ok ? exitCodes.done : exitCodes.failed;
    },
  }),
  command<{ to: string }>({
    usage: 'ledger export',
    options: [{ flags: '--to <file>', about: words.options.to, required: true }],
    examples: ['ledger export --to ledger.json'],
    run: async (cli, { options }) => {
      const copy = await copyLedger(cli.api());
      const path = resolve(cli.terminal.folder, options.to);
      await writeNew(cli, path, `${JSON.stringify(copy)}\n`);
      cli.answer(copy, () => [
        words.ledger.written(visible(path), number(copy.records.length)),
        words.next(`causeway ledger verify --file ${visible(options.to)}`),
      ]);
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
