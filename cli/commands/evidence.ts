/** `causeway evidence …`: proof of what went in, what ran and what came out. */
import { resolve } from 'node:path';
import { type EvidenceReport, verifyDocument } from '@causeway/core/applications/agreement';
import { bytesToHex } from '@causeway/core/bytes';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { readDocument, writeNew } from '../files.ts';
import { publicKey } from '../parse.ts';
import { exitCodes } from '../problem.ts';
import { facts } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

const file: CommandFile = (words) => [
  command<{ to: string }, [string]>({
    usage: 'evidence export <job>',
    options: [{ flags: '--to <file>', about: words.options.to, required: true }],
    examples: ['evidence export job-7d1f --to evidence.json'],
    run: async (cli, { arguments: [job], options }) => {
      const evidence = await cli.api().evidence.export({ job });
      const path = resolve(cli.terminal.folder, options.to);
      await writeNew(cli, path, `${JSON.stringify(evidence)}\n`);
      cli.answer(evidence, () => [
        words.evidence.written(visible(path)),
        words.next(`causeway evidence verify ${visible(options.to)}`),
      ]);
    },
  }),
  command<{ operatorKey?: Uint8Array }, [string]>({
    usage: 'evidence verify <file>',
    options: [{ flags: '--operator-key <key>', about: words.options.operatorKey, parse: publicKey(words) }],
    examples: [
      'evidence verify evidence.json',
      'evidence verify evidence.json --operator-key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    ],
    run: async (cli, { arguments: [name], options }) => {
      const path = resolve(cli.terminal.folder, name);
      const report = await verifyDocument(await readDocument(cli, path), options);
      const document = reportDocument(report);
      cli.answer(document, () => reportLines(cli, report.checks, document));
      return report.ok ? exitCodes.done : exitCodes.failed;
    },
  }),
];
export default file;

function reportDocument({ ok, checks, bundle }: EvidenceReport) {
  if (bundle === undefined) return { ok, checks };
  const { network, operator, operatorKeyGiven, head, cosigned } = bundle;
  const cosigners = cosigned.map(({ organisation }) => organisation);
  const at = new Date(head.atSeconds * 1000).toISOString();
  return {
    ok,
    checks,
    ledger: { network, operator, operatorKeyGiven, records: head.size, root: bytesToHex(head.root), at, cosigners },
  };
}

function reportLines(
  cli: Cli,
  checks: EvidenceReport['checks'],
  { ok, ledger }: ReturnType<typeof reportDocument>,
): string[] {
  const { doctor, evidence, ledger: labels } = cli.words;
  return [
    ...facts(checks.map((check) => [`${check.ok ? doctor.ok : doctor.failed}  ${check.name}`, check.detail])),
    ...(ledger === undefined
      ? []
      : facts([
          [evidence.network, `${ledger.network} (${cli.words.status.operator(ledger.operator)})`],
          [labels.records, `${number(ledger.records)}, ${time(ledger.at)}`],
          [labels.root, ledger.root],
          [labels.cosigners, ledger.cosigners.join(', ') || labels.nobody],
        ])),
    ...(ledger === undefined || ledger.operatorKeyGiven ? [] : [evidence.keyNotGiven(visible(ledger.operator))]),
    ok ? evidence.holds : evidence.fails,
  ];
}
