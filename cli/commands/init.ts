/** `causeway init`: a new node’s home. */
import { askText } from '../ask.ts';
import { type CommandFile, command } from '../command.ts';
import { facts } from '../show/table.ts';
import { visible } from '../show/text.ts';

interface Options {
  readonly org?: string;
  readonly organisation?: string;
  readonly listen?: string;
  readonly endpoint?: string;
  readonly api?: string;
  readonly allowPrivate?: true;
}

const file: CommandFile = (words) => [
  command<Options>({
    usage: 'init',
    options: [
      { flags: '--org <name>', about: words.init.orgAbout },
      { flags: '--organisation <id>', about: words.init.organisationAbout },
      { flags: '--listen <host:port>', about: words.init.listenAbout },
      { flags: '--endpoint <host:port>', about: words.init.endpointAbout },
      { flags: '--api <host:port>', about: words.init.apiAbout, default: '127.0.0.1:7400' },
      { flags: '--allow-private', about: words.init.allowPrivateAbout },
    ],
    examples: [
      'init --org "Aurora Motors" --listen 0.0.0.0:7443',
      'init --org 北极光传媒 --organisation borealis --home ./borealis --api 127.0.0.1:7401',
    ],
    run: async (cli, { options }) => {
      const org = options.org ?? (await askText(cli, { question: words.init.orgQuestion, option: '--org "NAME"' }));
      const { initHome } = await import('@causeway/server/home');
      const { allowPrivate, ...rest } = options;
      const { config, keys, folder } = await initHome({
        ...rest,
        org,
        home: cli.home,
        nowMs: Date.now(),
        ...(allowPrivate ? { allowPrivateAddresses: true } : {}),
      });
      const { organisation, name, api, listen, endpoint } = config;
      const fingerprint = keys.certificate.fingerprint;
      const made = { home: folder, organisation, name, api, listen, endpoint, fingerprint };
      const labels = words.init;
      cli.answer(made, () => [
        ...facts([
          [labels.organisation, `${name} (${organisation})`],
          [labels.folder, folder],
          [labels.api, `http://${api}`],
          [labels.listen, listen ?? labels.dialsOnly],
          [labels.endpoint, endpoint],
          [labels.fingerprint, fingerprint],
        ]),
        labels.keep(visible(folder)),
        words.next('causeway up --detach'),
      ]);
    },
  }),
];
export default file;
