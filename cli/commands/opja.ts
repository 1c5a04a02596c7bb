/** `causeway opja …`: keys that seal and open labels, and labels opened by whoever they were made for. Only `keys` needs a node. */
import { resolve } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import { deliveryName, encodeKey, formatDelivery, formatRoot, rootName } from '@causeway/core/protocols/opja';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { CommandError } from '../problem.ts';
import { facts } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

interface Domain {
  readonly domain?: string;
}

interface OpenOptions {
  readonly campaign: string;
  readonly key: string;
  readonly labels: string;
  readonly to: string;
  readonly settled: readonly string[];
  readonly server: readonly string[];
  readonly repeats?: true;
}

const file: CommandFile = (words) => [
  command<Domain & { new?: true }>({
    usage: 'opja keys',
    options: [
      { flags: '--new', about: words.opja.newAbout },
      { flags: '--domain <domain>', about: words.opja.domainAbout },
    ],
    examples: ['opja keys --domain match.aurora.example', 'opja keys --new'],
    run: async (cli, { options }) => {
      const keys = await (options.new ? cli.api().activation.newKey({}) : cli.api().activation.keys());
      cli.answer(keys, () => keyLines(cli, keys, options.domain));
    },
  }),
  command<object, [string]>({
    usage: 'opja look <domain>',
    examples: ['opja look dsp.example'],
    run: async (cli, { arguments: [domain] }) => {
      const found = await cli.api().activation.domain({ domain });
      cli.answer(found, () => [
        ...(found.problem === undefined ? [] : [visible(found.problem.detail)]),
        ...found.keys,
        ...(found.problem === undefined ? [found.own ? words.opja.ownPublished : words.opja.othersPublished] : []),
      ]);
    },
  }),
  command<Domain & { to: string }>({
    usage: 'opja new-key',
    options: [
      { flags: '--to <file>', about: words.opja.keyFileAbout, required: true },
      { flags: '--domain <domain>', about: words.opja.domainAbout, required: true },
    ],
    examples: ['opja new-key --to dsp.keys --domain dsp.example'],
    run: async (cli, { options }) => {
      const { newKey, readKeyFile, writeKeyFile } = await import('@causeway/server/opja');
      const path = resolve(cli.terminal.folder, options.to);
      const file = await readKeyFile(path);
      const domain = file.domain ?? options.domain!;
      if (domain !== options.domain)
        throw new CommandError('usage', words.opja.otherDomain(domain), words.opja.otherDomainRemedy);
      const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
      const made = newKey({ ...file, domain }, { random, nowMs: Date.now() });
      await writeKeyFile(path, made);
      const shown = {
        keys: made.keys.map(({ pair, madeAt }) => ({ publicKey: encodeKey(pair.publicKey), madeAt })),
        delivery: formatDelivery(made.keys.map(({ pair }) => pair.publicKey)),
      };
      cli.answer(shown, () => [words.opja.keyWritten(visible(path)), '', ...keyLines(cli, shown, domain)]);
    },
  }),
  command<OpenOptions>({
    usage: 'opja open',
    options: [
      { flags: '--campaign <file>', about: words.opja.campaignAbout, required: true },
      { flags: '--key <file>', about: words.opja.keyAbout, required: true },
      { flags: '--labels <file>', about: words.opja.labelsAbout, required: true },
      { flags: '--to <file>', about: words.options.to, required: true },
      { flags: '--settled <domain=key>', about: words.opja.settledAbout, repeated: true },
      { flags: '--server <address>', about: words.opja.serverAbout, repeated: true },
      { flags: '--repeats', about: words.opja.repeatsAbout },
    ],
    examples: ['opja open --campaign campaign.json --key dsp.keys --labels labels.txt --to opened.csv'],
    run: async (cli, { options }) => {
      const { KeyDirectory, openLabels, readCampaign, readKeyFile, settledKeys } = await import(
        '@causeway/server/opja'
      );
      const at = (name: string) => resolve(cli.terminal.folder, name);
      const report = await openLabels({
        campaign: await readCampaign(at(options.campaign)),
        keys: await readKeyFile(at(options.key)),
        directory: new KeyDirectory({ servers: options.server, settled: settledKeys(options.settled) }),
        nowMs: Date.now(),
        labels: at(options.labels),
        to: at(options.to),
        repeats: options.repeats === true,
      });
      cli.answer(report, () =>
        facts([
          [words.opja.file, at(options.to)],
          [words.opja.lines, number(report.lines)],
          [words.opja.matched, number(report.matched)],
          [words.opja.unmatched, number(report.unmatched)],
          [words.opja.refused, number(report.refused)],
          [words.opja.repeated, number(report.repeated)],
        ]),
      );
    },
  }),
];
export default file;

/** The keys, and the records that publish them, for whoever runs the domain. */
function keyLines(
  { words }: Cli,
  { keys, delivery }: ResponseOf<'activation.keys'>,
  domain: string | undefined,
): string[] {
  if (delivery === undefined) return [words.opja.noKeys, words.next('causeway opja keys --new')];
  const under = domain ?? words.opja.yourDomain;
  return [
    ...facts(keys.map(({ publicKey, madeAt }) => [time(madeAt), publicKey])),
    '',
    words.opja.publish,
    ...facts([
      [`${rootName(under)} TXT`, formatRoot(under)],
      [`${deliveryName(under)} TXT`, delivery],
    ]),
  ];
}
