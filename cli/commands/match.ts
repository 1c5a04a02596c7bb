/** `causeway match`: two people, two files, one invite, one run. */
import { resolve } from 'node:path';
import type { DirectProgress, DirectReport } from '@causeway/server/direct';
import { confirm, mustSayYes } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { columnProfile } from '../column.ts';
import { type CommandFile, command } from '../command.ts';
import { hostPort, type MatchProtocol, protocolName, wholeNumber } from '../parse.ts';
import { CommandError } from '../problem.ts';
import { disclosureLines, planLines } from '../show/disclosure.ts';
import { countLines } from '../show/job.ts';
import { type ProgressLine, progressLine } from '../show/progress.ts';
import { facts } from '../show/table.ts';
import { bytes, duration, number } from '../show/values.ts';
import { version } from '../version.ts';

interface Options {
  readonly listen?: { readonly host: string; readonly port: number };
  readonly advertise?: string;
  readonly connect?: string;
  readonly input: string;
  readonly id: readonly string[];
  readonly output: string;
  readonly receiver?: 'both' | 'me' | 'them' | 'none';
  readonly protocol?: MatchProtocol;
  readonly lowTraffic?: true;
  readonly minimum?: number;
  readonly denseList?: number;
}

const file: CommandFile = (words) => [
  command<Options>({
    usage: 'match',
    options: [
      { flags: '--listen <host:port>', about: words.match.listenAbout, parse: hostPort(words) },
      { flags: '--advertise <host:port>', about: words.match.advertiseAbout },
      { flags: '--connect <invite>', about: words.match.connectAbout },
      { flags: '--input <file>', about: words.match.inputAbout, required: true },
      { flags: '--id <column:profile>', about: words.match.idAbout, required: true, repeated: true },
      { flags: '--output <file>', about: words.match.outputAbout, required: true },
      { flags: '--receiver <who>', about: words.match.receiverAbout, choices: ['both', 'me', 'them', 'none'] },
      { flags: '--protocol <name>', about: words.options.protocol, parse: protocolName(words) },
      { flags: '--low-traffic', about: words.options.lowTraffic },
      {
        flags: '--minimum <rows>',
        about: words.match.minimumAbout,
        parse: wholeNumber(words, { min: 1, max: 1_000_000_000 }),
      },
      {
        flags: '--dense-list <percent>',
        about: words.match.denseListAbout,
        parse: wholeNumber(words, { min: 5, max: 100 }),
      },
    ],
    examples: [
      'match --listen 0.0.0.0:7450 --input crm.csv --id mobile:phone --id email:email --output matched.csv',
      'match --connect causeway:AAECAwQFBgc --input users.csv --id phone:phone/sha256 --output matched.csv --yes',
    ],
    run: (cli, { options }) => match(cli, options),
  }),
];
export default file;

async function match(cli: Cli, options: Options): Promise<void> {
  const { words } = cli;
  const { listen, connect } = options;
  if ((listen === undefined) === (connect === undefined)) {
    throw new CommandError('usage', words.match.oneOfTwo, words.usage.remedy('causeway match --help'));
  }
  // Before the partner is made to wait.
  mustSayYes(cli, words.match.question);
  const ids = options.id.map((text) => columnProfile(text, words));
  const input = resolve(cli.terminal.folder, options.input);
  const output = resolve(cli.terminal.folder, options.output);
  if (input === output) throw new CommandError('usage', words.match.sameFile, words.match.sameFileRemedy);
  const stop = new AbortController();
  const forget = cli.terminal.onInterrupt(() =>
    stop.abort(new CommandError('interrupted', words.match.interrupted, words.match.interruptedRemedy)),
  );
  const line = progressLine(cli);
  try {
    const { directMatch } = await import('@causeway/server/direct');
    const report = await directMatch({
      meet:
        listen === undefined
          ? { connect: connect ?? '' }
          : { listen: { ...listen, ...(options.advertise === undefined ? {} : { advertise: options.advertise }) } },
      input,
      ids,
      output,
      receiver: options.receiver,
      protocol: options.protocol,
      traffic: options.lowTraffic ? 'low' : undefined,
      kernel: cli.terminal.env.CAUSEWAY_KERNEL,
      minimumListRows: options.minimum,
      densityPercentMax: options.denseList,
      onInvite: (invite) => {
        line.end();
        cli.note(words.match.invite, invite);
      },
      confirm: async ({ disclosure, side, plan }) => {
        line.end();
        const self = side === 'proposer' ? 'listener' : 'connector';
        cli.note(...disclosureLines(cli, disclosure, self), ...planLines(cli, plan), '');
        return accepted(cli);
      },
      onProgress: (progress) => show(line, progress),
      signal: stop.signal,
      software: version,
    });
    line.end();
    cli.answer(report, () => reportLines(cli, report));
  } catch (error) {
    line.end();
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    forget();
  }
}

/** The partner is told of a no, so it is an answer here and not a failure. */
async function accepted(cli: Cli): Promise<boolean> {
  try {
    await confirm(cli, cli.words.match.question);
    return true;
  } catch (error) {
    if (error instanceof CommandError && error.code === 'declined') return false;
    throw error;
  }
}

function show(line: ProgressLine, { stage, form, done, total }: DirectProgress): void {
  line.update({
    status: 'running',
    stage: form === undefined ? stage : `${stage} ${form}`,
    progress: total === 0 ? 0 : Math.min(1, done / total),
  });
}

function reportLines(cli: Cli, report: DirectReport): string[] {
  const labels = cli.words.match;
  return [
    ...facts([
      [cli.words.job.id, report.job],
      [cli.words.agreement.id, report.agreement],
      [labels.transcript, report.transcript],
      [labels.protocol, report.protocol],
      [cli.words.job.kernel, `${report.kernel.own} / ${report.kernel.partner}`],
      [labels.time, labels.took(duration(report.seconds, cli.words), duration(report.planned.seconds, cli.words))],
      [labels.bytes, labels.sentAndReceived(bytes(report.bytes.sent), bytes(report.bytes.received))],
    ]),
    ...countLines(cli, report.counts),
    '',
    report.output === undefined
      ? cli.words.job.noAudience
      : labels.written(report.output.path, number(report.output.rows)),
  ];
}
