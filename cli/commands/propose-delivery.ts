/** `causeway propose delivery`: columns of the rows that a match has found. */
import type { RequestOf } from '@causeway/core/api';
import { type CommandSpec, command } from '../command.ts';
import { commaList, dateOrTime, wholeNumber } from '../parse.ts';
import type { Words } from '../words/index.ts';
import { negotiate } from './negotiate.ts';

interface Options {
  readonly job: string;
  readonly from: 'me' | 'them';
  readonly columns: readonly string[];
  readonly purpose: string;
  readonly uses?: number;
  readonly expires?: string;
  readonly dryRun?: true;
}

export function deliveryCommand(words: Words): CommandSpec {
  return command<Options>({
    usage: 'propose delivery',
    options: [
      { flags: '--job <job>', about: words.options.deliveryJob, required: true },
      { flags: '--from <who>', about: words.options.deliveryFrom, required: true, choices: ['me', 'them'] },
      { flags: '--columns <columns>', about: words.options.deliveryColumns, required: true, parse: commaList(words) },
      { flags: '--purpose <text>', about: words.options.deliveryPurpose, required: true },
      { flags: '--uses <n>', about: words.options.uses, parse: wholeNumber(words, { min: 1, max: 10_000 }) },
      { flags: '--expires <date>', about: words.options.expires, parse: dateOrTime(words) },
      { flags: '--dry-run', about: words.options.dryRun },
    ],
    examples: [
      'propose delivery --job job-7d1f --from them --columns city,interest --purpose "Member care, no resale"',
    ],
    run: async (cli, { options }) => {
      const { job, from, columns, purpose, uses, expires, dryRun: isDry } = options;
      const { partners } = await cli.api().job.show({ job });
      const request: RequestOf<'agreement.proposeDelivery'> = {
        job,
        from,
        columns: [...columns],
        purpose,
        ...(uses === undefined ? {} : { uses }),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      };
      await negotiate(cli, {
        partner: partners.join(', '),
        dryRun: isDry === true,
        ask: (dryRun) => cli.api().agreement.proposeDelivery({ ...request, dryRun }),
      });
    },
  });
}
