/** `causeway propose insight`: figures about shared people, by segments that are written on the command line. */
import type { RequestOf } from '@causeway/core/api';
import { InvalidArgumentError } from 'commander';
import type { Cli } from '../cli.ts';
import { type CommandSpec, command } from '../command.ts';
import { commaList, wholeNumber } from '../parse.ts';
import { organisationOf } from '../reference.ts';
import type { Words } from '../words/index.ts';
import { negotiate } from './negotiate.ts';
import { type LimitOptions, limitOptions, limitsOf } from './proposal-limits.ts';

type Request = RequestOf<'agreement.proposeInsight'>;
type Table = NonNullable<Request['tables']>[number];
type Column = NonNullable<Request['columns']>[number];

interface Options extends LimitOptions {
  readonly with: string;
  readonly mine: string;
  readonly theirs: string;
  readonly key: string;
  readonly receiver: 'me' | 'them';
  readonly by: readonly Table[];
  readonly sum: readonly Column[];
  readonly squares?: readonly string[];
  readonly exact?: true;
  readonly rho?: number;
  readonly ungated?: true;
  readonly dryRun?: true;
}

/** Of each table and measure: σ = 10 on counts. */
const rhoDefault = 5000;

export function insightCommand(words: Words): CommandSpec {
  return command<Options>({
    usage: 'propose insight',
    options: [
      { flags: '--with <org>', about: words.options.with, required: true },
      { flags: '--mine <dataset>', about: words.options.mine, required: true },
      { flags: '--theirs <dataset>', about: words.options.theirs, required: true },
      { flags: '--key <key>', about: words.options.insightKey, required: true },
      { flags: '--receiver <who>', about: words.options.insightReceiver, required: true, choices: ['me', 'them'] },
      { flags: '--by <segments>', about: words.options.by, repeated: true, parse: segments(words) },
      { flags: '--sum <column>', about: words.options.sum, repeated: true, parse: summed(words) },
      { flags: '--squares <columns>', about: words.options.squares, parse: commaList(words) },
      { flags: '--exact', about: words.options.exact },
      {
        flags: '--rho <millionths>',
        about: words.options.rho,
        default: String(rhoDefault),
        parse: wholeNumber(words, { min: 1, max: 1_000_000 }),
      },
      { flags: '--ungated', about: words.options.ungated },
      ...limitOptions(words, 1000),
      { flags: '--dry-run', about: words.options.dryRun },
    ],
    examples: [
      'propose insight --with borealis --mine crm --theirs users --key phone --receiver me --by city=Shanghai,Beijing --by sex=f,m',
      'propose insight --with borealis --mine crm --theirs users --key phone --receiver me --by city=Shanghai,Beijing+sex=f,m --sum spend:CNY:0..10000:2 --exact',
    ],
    run: (cli, { options }) => propose(cli, options),
  });
}

async function propose(cli: Cli, options: Options): Promise<void> {
  const partner = await organisationOf(cli, options.with);
  const squares = new Set(options.squares ?? []);
  const request: Request = {
    with: partner,
    mine: options.mine,
    theirs: options.theirs,
    key: options.key,
    receiver: options.receiver,
    tables: options.by,
    columns: options.sum.map((column) => ({ ...column, squares: squares.has(column.column) })),
    protection: options.exact
      ? { kind: 'exact' }
      : { kind: 'noise', rho: options.rho ?? rhoDefault, gate: !options.ungated },
    purpose: options.purpose ?? `Insight into ${options.mine} and ${options.theirs}`,
    ...limitsOf(options),
  };
  await negotiate(cli, {
    partner,
    dryRun: options.dryRun === true,
    ask: (dryRun) => cli.api().agreement.proposeInsight({ ...request, dryRun }),
  });
}

/** `city=Shanghai,Beijing`, or two of them crossed: `city=Shanghai,Beijing+sex=f,m`. */
const segments =
  (words: Words) =>
  (text: string): Table => ({
    segments: text.split('+').map((part) => {
      const [, column, values] = /^([^=]+)=(.+)$/.exec(part) ?? [];
      if (column === undefined || values === undefined) throw new InvalidArgumentError(words.usage.notSegments);
      return { column: column.trim(), values: commaList(words)(values) };
    }),
  });

/** `spend:CNY:0..10000:2`: a column, its unit, its bounds in whole units, and the digits after the point that count. */
const summed =
  (words: Words) =>
  (text: string): Column => {
    const [, column, unit, min, max, decimals = '0'] =
      /^([^:]+):([^:]+):(-?\d+)\.\.(-?\d+)(?::([0-6]))?$/.exec(text) ?? [];
    if (column === undefined || unit === undefined) throw new InvalidArgumentError(words.usage.notSum);
    return { column, unit, min: Number(min), max: Number(max), decimals: Number(decimals) };
  };
