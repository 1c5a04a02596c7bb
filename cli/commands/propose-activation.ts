/** `causeway propose activation`: ids of IAB PAIR or labels of OPJA, by which shared people are recognised in bid requests. */
import type { RequestOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { type CommandSpec, command } from '../command.ts';
import { CommandError } from '../problem.ts';
import { organisationOf } from '../reference.ts';
import type { Words } from '../words/index.ts';
import { negotiate } from './negotiate.ts';
import { type LimitOptions, limitOptions, limitsOf } from './proposal-limits.ts';

type Request = RequestOf<'agreement.proposeActivation'>;

interface Options extends LimitOptions {
  readonly with: string;
  readonly mine: string;
  readonly theirs: string;
  readonly key: string;
  readonly form: 'pair' | 'opja';
  readonly advertiser: 'me' | 'them';
  readonly system?: string;
  readonly opener?: string;
  readonly dryRun?: true;
}

export function activationCommand(words: Words): CommandSpec {
  return command<Options>({
    usage: 'propose activation',
    options: [
      { flags: '--with <org>', about: words.options.with, required: true },
      { flags: '--mine <dataset>', about: words.options.mine, required: true },
      { flags: '--theirs <dataset>', about: words.options.theirs, required: true },
      { flags: '--key <key>', about: words.options.insightKey, required: true },
      { flags: '--form <form>', about: words.options.activationForm, required: true, choices: ['pair', 'opja'] },
      { flags: '--advertiser <who>', about: words.options.advertiser, required: true, choices: ['me', 'them'] },
      { flags: '--system <domain>', about: words.options.opjaSystem },
      { flags: '--opener <domain>', about: words.options.opjaOpener },
      ...limitOptions(words, 1_000_000),
      { flags: '--dry-run', about: words.options.dryRun },
    ],
    examples: [
      'propose activation --with borealis --mine crm --theirs users --key email --form pair --advertiser me --uses 30',
      'propose activation --with borealis --mine crm --theirs users --key email --form opja --advertiser me --system match.aurora.example --opener dsp.example',
    ],
    run: (cli, { options }) => propose(cli, options),
  });
}

async function propose(cli: Cli, options: Options): Promise<void> {
  const partner = await organisationOf(cli, options.with);
  const { mine, theirs, key, advertiser } = options;
  const request: Request = {
    ...{ with: partner, mine, theirs, key, advertiser },
    form: formOf(cli, options),
    // The partner reads it too: one language, whatever this terminal speaks.
    purpose: options.purpose ?? `Activation of ${mine} with ${theirs}`,
    ...limitsOf(options),
  };
  await negotiate(cli, {
    partner,
    dryRun: options.dryRun === true,
    ask: (dryRun) => cli.api().agreement.proposeActivation({ ...request, dryRun }),
  });
}

function formOf({ words }: Cli, { form, system, opener }: Options): Request['form'] {
  const help = words.usage.remedy('causeway propose activation --help');
  if (form === 'opja') {
    if (system === undefined || opener === undefined)
      throw new CommandError('usage', words.propose.domainsMissing, help);
    return { kind: 'opja', system, receiver: opener };
  }
  if (system !== undefined || opener !== undefined) throw new CommandError('usage', words.propose.domainsOfOpja, help);
  return { kind: 'pair' };
}
