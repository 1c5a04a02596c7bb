/** `causeway status`: whether the node is well. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { bytes, duration, number, time } from '../show/values.ts';

const file: CommandFile = () => [
  command({
    usage: 'status',
    examples: ['status', 'status --json'],
    run: async (cli) => {
      const status = await cli.api().node.status();
      cli.answer(status, () => statusLines(cli, status));
    },
  }),
];
export default file;

function statusLines(cli: Cli, status: ResponseOf<'node.status'>): string[] {
  const { words } = cli;
  const labels = words.status;
  const { database, network, ledger, jobs } = status;
  return [
    ...facts([
      [labels.organisation, `${status.name} (${status.organisation})`],
      [labels.node, labels.upFor(status.version, duration(status.uptimeSeconds, words))],
      [labels.api, `http://${cli.config().api}`],
      [labels.kernel, status.kernel],
      [
        labels.database,
        `${words.states[database.state]} (${labels[database.kind]}${database.version === undefined ? '' : ` ${database.version}`})`,
      ],
      [
        labels.network,
        network === undefined ? labels.noNetwork : `${network.name} (${labels.operator(network.operator)})`,
      ],
      [labels.ledger, ledger && labels.ledgerAt(number(ledger.records), time(ledger.checkedAt))],
      [labels.jobs, labels.jobCounts(number(jobs.running), number(jobs.queued))],
      [labels.memory, bytes(status.memoryBytes)],
    ]),
    ...(status.links.length === 0
      ? []
      : [
          '',
          ...table(
            [
              { title: labels.partner },
              { title: labels.link },
              { title: labels.endpoint },
              { title: labels.since },
              { title: labels.detail },
            ],
            status.links.map((link) => [
              link.organisation,
              words.states[link.state],
              link.endpoint ?? '-',
              link.since === undefined ? '-' : time(link.since),
              link.detail ?? '',
            ]),
          ),
        ]),
    ...status.warnings.flatMap((warning) => [
      '',
      `${labels.warning}${words.colon}${visible(warning.detail)}`,
      ...(warning.remedy === undefined
        ? []
        : [`${words.problem.labels.remedy}${words.colon}${visible(warning.remedy)}`]),
    ]),
  ];
}
