/** `causeway settings …`: the rules that the node holds itself to. */
import { resolve } from 'node:path';
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { commaList, wholeNumber } from '../parse.ts';
import { CommandError } from '../problem.ts';
import { facts } from '../show/table.ts';
import { bytes, number } from '../show/values.ts';

interface Options {
  readonly fourEyes?: boolean;
  readonly minimum?: number;
  readonly minimumGroup?: number;
  readonly evaluationsPerDay?: number;
  readonly denseList?: number;
  readonly optOuts?: readonly string[];
  readonly nobodyOptedOut?: true;
  readonly opjaKey: readonly string[];
  readonly onlyDnsKeys?: true;
  readonly dnsServer: readonly string[];
  readonly machineDns?: true;
  readonly uploads?: number;
  readonly folder: readonly string[];
  readonly anyFolder?: true;
}

const file: CommandFile = (words) => [
  command({
    usage: 'settings show',
    examples: ['settings show'],
    run: async (cli) => {
      const settings = await cli.api().settings.get();
      cli.answer(settings, () => settingFacts(cli, settings));
    },
  }),
  command<Options>({
    usage: 'settings set',
    options: [
      {
        flags: '--four-eyes <state>',
        choices: ['on', 'off'],
        about: words.settings.fourEyesAbout,
        parse: (text) => text === 'on',
      },
      {
        flags: '--minimum <rows>',
        about: words.settings.minimumAbout,
        parse: wholeNumber(words, { min: 50, max: 1_000_000_000 }),
      },
      {
        flags: '--minimum-group <rows>',
        about: words.settings.minimumGroupAbout,
        parse: wholeNumber(words, { min: 10, max: 1_000_000 }),
      },
      {
        flags: '--evaluations-per-day <n>',
        about: words.settings.evaluationsAbout,
        parse: wholeNumber(words, { min: 1000, max: 1_000_000_000 }),
      },
      {
        flags: '--dense-list <percent>',
        about: words.settings.denseListAbout,
        parse: wholeNumber(words, { min: 5, max: 100 }),
      },
      { flags: '--opt-outs <datasets>', about: words.settings.optOutsAbout, parse: commaList(words) },
      { flags: '--nobody-opted-out', about: words.settings.nobodyOptedOutAbout },
      { flags: '--opja-key <domain=key>', about: words.settings.opjaKeyAbout, repeated: true },
      { flags: '--only-dns-keys', about: words.settings.noOpjaKeysAbout },
      { flags: '--dns-server <address>', about: words.settings.dnsServerAbout, repeated: true },
      { flags: '--machine-dns', about: words.settings.machineDnsAbout },
      {
        flags: '--uploads <bytes>',
        about: words.settings.uploadsAbout,
        parse: wholeNumber(words, { min: 1_000_000, max: 1e14 }),
      },
      { flags: '--folder <folder>', about: words.settings.folderAbout, repeated: true },
      { flags: '--any-folder', about: words.settings.anyFolderAbout },
    ],
    examples: ['settings set --four-eyes on', 'settings set --minimum 5000 --folder /data/marketing'],
    run: async (cli, { options }) => {
      const folders = options.folder.map((folder) => resolve(cli.terminal.folder, folder));
      const change = {
        ...(options.fourEyes === undefined ? {} : { fourEyes: options.fourEyes }),
        ...(options.minimum === undefined ? {} : { minimumListRows: options.minimum }),
        ...(options.minimumGroup === undefined ? {} : { minimumGroupRows: options.minimumGroup }),
        ...(options.evaluationsPerDay === undefined ? {} : { evaluationsPerDayMax: options.evaluationsPerDay }),
        ...(options.denseList === undefined ? {} : { densityPercentMax: options.denseList }),
        ...(options.optOuts || options.nobodyOptedOut ? { optOutDatasets: options.optOuts ?? [] } : {}),
        ...(options.opjaKey.length > 0 || options.onlyDnsKeys ? { opjaKeys: [...options.opjaKey] } : {}),
        ...(options.dnsServer.length > 0 || options.machineDns ? { dnsServers: [...options.dnsServer] } : {}),
        ...(options.uploads === undefined ? {} : { uploadBytesMax: options.uploads }),
        ...(folders.length > 0 || options.anyFolder ? { datasetFolders: folders } : {}),
      };
      if (Object.keys(change).length === 0) {
        throw new CommandError('usage', words.settings.nothing, words.usage.remedy('causeway settings set --help'));
      }
      const settings = await cli.api().settings.update(change);
      cli.answer(settings, () => settingFacts(cli, settings));
    },
  }),
];
export default file;

function settingFacts(cli: Cli, settings: ResponseOf<'settings.get'>): string[] {
  const labels = cli.words.settings;
  return facts([
    [labels.fourEyes, cli.words.yesNo(settings.fourEyes)],
    [labels.minimum, number(settings.minimumListRows)],
    [labels.minimumGroup, number(settings.minimumGroupRows)],
    [labels.evaluations, number(settings.evaluationsPerDayMax)],
    [labels.denseList, `${settings.densityPercentMax} %`],
    [labels.optOuts, settings.optOutDatasets.join(', ') || labels.none],
    [labels.opjaKeys, settings.opjaKeys.join(' ') || labels.none],
    [labels.dnsServers, settings.dnsServers.join(', ') || labels.ofTheMachine],
    [labels.uploads, bytes(settings.uploadBytesMax)],
    [labels.folders, settings.datasetFolders.join(', ') || labels.any],
  ]);
}
