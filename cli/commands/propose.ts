/** `causeway propose …`: who would learn what is shown; a person agrees; then the partners see it. */
import { resolve } from 'node:path';

import type { RequestOf, ResponseOf } from '@causeway/core/api';
import type { KernelName } from '@causeway/core/group';
import { confirm } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { readDocument } from '../files.ts';
import { commaList, type MatchProtocol, protocolName } from '../parse.ts';
import { organisationOf } from '../reference.ts';
import { disclosureLines, findingLines } from '../show/disclosure.ts';
import { facts } from '../show/table.ts';
import { negotiate } from './negotiate.ts';
import { type LimitOptions, limitOptions, limitsOf } from './proposal-limits.ts';
import { activationCommand } from './propose-activation.ts';
import { deliveryCommand } from './propose-delivery.ts';
import { insightCommand } from './propose-insight.ts';

interface Options extends LimitOptions {
  readonly with: string;
  readonly mine: string;
  readonly theirs: string;
  readonly keys: readonly string[];
  readonly receiver: 'me' | 'them' | 'both' | 'none';
  readonly protocol?: MatchProtocol;
  readonly lowTraffic?: true;
  readonly kernel?: KernelName;
  readonly dryRun?: true;
}

const file: CommandFile = (words) => [
  command<Options>({
    usage: 'propose match',
    options: [
      { flags: '--with <org>', about: words.options.with, required: true },
      { flags: '--mine <dataset>', about: words.options.mine, required: true },
      { flags: '--theirs <dataset>', about: words.options.theirs, required: true },
      { flags: '--keys <keys>', about: words.options.keys, required: true, parse: commaList(words) },
      {
        flags: '--receiver <who>',
        about: words.options.receiver,
        required: true,
        choices: ['both', 'me', 'them', 'none'],
      },
      ...limitOptions(words, 1_000_000),
      { flags: '--protocol <name>', about: words.options.protocol, parse: protocolName(words) },
      { flags: '--low-traffic', about: words.options.lowTraffic },
      { flags: '--kernel <name>', about: words.options.kernel, choices: ['wasm', 'portable', 'avx2', 'ifma'] },
      { flags: '--dry-run', about: words.options.dryRun },
    ],
    examples: [
      'propose match --with borealis --mine crm --theirs users --keys phone,email --receiver both',
      'propose match --with borealis --mine crm --theirs users --keys phone --receiver me --uses 5 --expires 2030-12-31 --purpose "Spring campaign reach"',
    ],
    run: (cli, { options }) => propose(cli, options),
  }),
  insightCommand(words),
  deliveryCommand(words),
  activationCommand(words),
  command<{ readonly dryRun?: true }, [string]>({
    usage: 'propose room <file>',
    options: [{ flags: '--dry-run', about: words.options.dryRun }],
    examples: ['propose room room.json', 'propose room room.json --dry-run'],
    run: (cli, { arguments: [name], options }) => proposeRoom(cli, name, options),
  }),
];
export default file;

async function propose(cli: Cli, options: Options): Promise<void> {
  const partner = await organisationOf(cli, options.with);
  const request: RequestOf<'agreement.proposeMatch'> = {
    with: partner,
    mine: options.mine,
    theirs: options.theirs,
    keys: options.keys,
    receiver: options.receiver,
    // The partner reads it too: one language, whatever this terminal speaks.
    purpose: options.purpose ?? `Match of ${options.mine} with ${options.theirs}`,
    ...(options.protocol === undefined ? {} : { protocol: options.protocol }),
    ...(options.lowTraffic ? { traffic: 'low' } : {}),
    ...(options.kernel === undefined ? {} : { kernelAtLeast: options.kernel }),
    ...limitsOf(options),
  };
  await negotiate(cli, {
    partner,
    dryRun: options.dryRun === true,
    ask: (dryRun) => cli.api().agreement.proposeMatch({ ...request, dryRun }),
  });
}

/** The rules of columns are a document: the file holds the whole proposal, as the API takes it. */
async function proposeRoom(cli: Cli, name: string, { dryRun }: { readonly dryRun?: true }): Promise<void> {
  const { words } = cli;
  const document = await readDocument(cli, resolve(cli.terminal.folder, name));
  // The node says what is wrong with it, and where.
  const request = document as RequestOf<'agreement.proposeRoom'>;
  const self = cli.config().organisation;
  const shown = ({ disclosure, findings }: ResponseOf<'agreement.proposeRoom'>) => [
    ...disclosureLines(cli, disclosure, self),
    ...findingLines(cli, findings),
  ];
  const asks = cli.terminal.interactive && !cli.yes;
  if (dryRun || asks) {
    const draft = await cli.api().agreement.proposeRoom({ ...request, dryRun: true });
    if (dryRun) {
      cli.answer(draft, () => [...shown(draft), words.propose.nothingProposed]);
      return;
    }
    cli.note(...shown(draft), '');
    await confirm(cli, words.propose.roomQuestion);
  }
  const answer = await cli.api().agreement.proposeRoom(request);
  cli.answer(answer, () => [
    ...(asks ? [] : [...shown(answer), '']),
    ...facts([
      [words.agreement.id, answer.agreement],
      [words.agreement.status, words.states[answer.status]],
    ]),
    answer.status === 'draft' ? words.propose.waitsHere : words.propose.waitsForAll,
  ]);
}
