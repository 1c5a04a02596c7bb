/** `causeway generate`: synthetic people, and two organisations’ files about them. */
import { resolve } from 'node:path';
import type { GenerateOptions, GenerateReport } from '@causeway/generator';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { shareOf, wholeNumber } from '../parse.ts';
import { CommandError } from '../problem.ts';
import { facts, table } from '../show/table.ts';
import { bytes, number } from '../show/values.ts';

interface Options {
  readonly people: number;
  readonly seed?: number;
  readonly out: string;
  readonly mediaShare?: number;
  readonly overlapShare?: number;
  readonly userIds?: 'plain' | 'md5' | 'sha256';
  readonly crmEncoding?: 'utf-8' | 'gb18030';
}

const file: CommandFile = (words) => [
  command<Options>({
    usage: 'generate',
    options: [
      {
        flags: '--people <n>',
        about: words.generate.peopleAbout,
        required: true,
        parse: wholeNumber(words, { min: 1, max: 100_000_000 }),
      },
      {
        flags: '--seed <n>',
        about: words.generate.seedAbout,
        default: '1',
        parse: wholeNumber(words, { min: 0, max: Number.MAX_SAFE_INTEGER }),
      },
      { flags: '--out <folder>', about: words.generate.outAbout, required: true },
      { flags: '--media-share <share>', about: words.generate.mediaShareAbout, default: '0.8', parse: shareOf(words) },
      {
        flags: '--overlap-share <share>',
        about: words.generate.overlapShareAbout,
        default: '0.3',
        parse: shareOf(words),
      },
      { flags: '--user-ids <form>', about: words.generate.userIdsAbout, choices: ['plain', 'md5', 'sha256'] },
      { flags: '--crm-encoding <encoding>', about: words.generate.crmEncodingAbout, choices: ['utf-8', 'gb18030'] },
    ],
    examples: [
      'generate --people 10000 --seed 7 --out ./people',
      'generate --people 2000 --out ./people --user-ids sha256 --crm-encoding gb18030 --yes',
    ],
    run: (cli, { options }) => run(cli, options),
  }),
];
export default file;

async function run(cli: Cli, options: Options): Promise<void> {
  const { words } = cli;
  const { generate } = await import('@causeway/generator');
  const stop = new AbortController();
  const forget = cli.terminal.onInterrupt(() =>
    stop.abort(new CommandError('interrupted', words.generate.interrupted, words.generate.interruptedRemedy)),
  );
  let writing = '';
  const request: GenerateOptions = {
    ...options,
    seed: options.seed ?? 1,
    out: resolve(cli.terminal.folder, options.out),
    overwrite: cli.yes,
    signal: stop.signal,
    onProgress: ({ file: name }) => {
      if (name !== writing) cli.note(words.generate.writing(name));
      writing = name;
    },
  };
  try {
    const report = await generate(request);
    cli.answer(report, () => reportLines(cli, report));
  } catch (error) {
    // An option out of its range, by itself or beside another.
    if (error instanceof RangeError) {
      throw new CommandError('usage', error.message, words.usage.remedy('causeway generate --help'), error);
    }
    throw error;
  } finally {
    forget();
  }
}

function reportLines(cli: Cli, { folder, files, truth }: GenerateReport): string[] {
  const labels = cli.words.generate;
  return [
    labels.synthetic,
    ...facts([
      [labels.folder, folder],
      [labels.customers, number(truth.sizes.customers)],
      [labels.users, number(truth.sizes.users)],
      [labels.expected, number(truth.expected.waterfall.people)],
    ]),
    '',
    ...table(
      [{ title: labels.file }, { title: labels.rows, right: true }, { title: labels.size, right: true }],
      files.map((one) => [one.name, number(one.rows), bytes(one.bytes)]),
    ),
  ];
}
