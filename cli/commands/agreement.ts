/** `causeway agreement …`: what was agreed, or waits to be. */
import type { ResponseOf } from '@causeway/core/api';
import { confirm } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { type CommandFile, command } from '../command.ts';
import { type PageOptions, pageOptions } from '../parse.ts';
import { agreementOf } from '../reference.ts';
import { disclosureLines, findingLines, planLines } from '../show/disclosure.ts';
import { facts, table } from '../show/table.ts';
import { visible } from '../show/text.ts';
import { number, time } from '../show/values.ts';

type Detail = ResponseOf<'agreement.show'>;
const statuses = ['draft', 'proposed', 'active', 'rejected', 'revoked', 'expired', 'exhausted'] as const;
type Status = (typeof statuses)[number];

const file: CommandFile = (words) => [
  command<PageOptions & { status?: Status }>({
    usage: 'agreement list',
    options: [{ flags: '--status <status>', about: words.options.status, choices: statuses }, ...pageOptions(words)],
    examples: ['agreement list', 'agreement list --status proposed'],
    run: async (cli, { options }) => {
      const answer = await cli.api().agreement.list(options);
      const labels = words.agreement;
      cli.answer(answer, () => [
        ...(answer.items.length === 0
          ? [labels.none]
          : table(
              [
                { title: labels.id },
                { title: labels.status },
                { title: labels.partners },
                { title: labels.purpose },
                { title: labels.usesLeft, right: true },
                { title: labels.expires },
              ],
              answer.items.map((item) => [
                item.id.slice(0, 12),
                words.states[item.status],
                item.parties.map((party) => party.organisation).join(', '),
                item.purpose,
                `${number(item.usesLeft)}/${number(item.usesMax)}`,
                time(item.expiresAt),
              ]),
            )),
        ...words.more(answer.next),
      ]);
    },
  }),
  command<object, [string]>({
    usage: 'agreement show <agreement>',
    examples: ['agreement show 3f2a9c04d1be'],
    run: async (cli, { arguments: [text] }) => {
      const detail = await cli.api().agreement.show({ agreement: await agreementOf(cli, text) });
      cli.answer(detail, () => detailLines(cli, detail));
    },
  }),
  command<object, [string]>({
    usage: 'agreement verdicts <agreement>',
    examples: ['agreement verdicts 3f2a9c04d1be'],
    run: async (cli, { arguments: [text] }) => {
      const answer = await cli.api().agreement.verdicts({ agreement: await agreementOf(cli, text) });
      cli.answer(answer, () =>
        answer.items.length === 0 ? [words.agreement.verdictsNone] : verdictLines(cli, answer),
      );
    },
  }),
  command<{ reason?: string }, [string]>({
    usage: 'agreement approve <agreement>',
    options: [{ flags: '--reason <text>', about: words.options.reason }],
    examples: ['agreement approve 3f2a9c04d1be --yes'],
    run: async (cli, { arguments: [text], options }) => {
      const agreement = await agreementOf(cli, text);
      const before = await cli.api().agreement.show({ agreement });
      cli.note(...detailLines(cli, before), '');
      await confirm(cli, words.agreement.approveQuestion);
      // The digest of what was just shown: the node refuses to sign anything else.
      const after = await cli.api().agreement.approve({ agreement, disclosure: before.disclosure.digest, ...options });
      cli.answer(after, () => [
        words.agreement.approved(after.id),
        ...(after.status === 'active'
          ? [words.next(`causeway run ${after.id.slice(0, 12)}`)]
          : [stateLine(cli, after)]),
      ]);
    },
  }),
  command<{ reason?: string }, [string]>({
    usage: 'agreement reject <agreement>',
    options: [{ flags: '--reason <text>', about: words.options.reason }],
    examples: ['agreement reject 3f2a9c04d1be --reason "The purpose is too wide"'],
    run: async (cli, { arguments: [text], options }) => {
      const detail = await cli.api().agreement.reject({ agreement: await agreementOf(cli, text), ...options });
      cli.answer(detail, () => [stateLine(cli, detail)]);
    },
  }),
  command<{ reason?: string }, [string]>({
    usage: 'agreement revoke <agreement>',
    options: [{ flags: '--reason <text>', about: words.options.reason }],
    examples: ['agreement revoke 3f2a9c04d1be'],
    run: async (cli, { arguments: [text], options }) => {
      const detail = await cli.api().agreement.revoke({ agreement: await agreementOf(cli, text), ...options });
      cli.answer(detail, () => [stateLine(cli, detail)]);
    },
  }),
];
export default file;

function stateLine(cli: Cli, detail: Detail): string {
  return cli.words.agreement.isNow(detail.id, cli.words.states[detail.status]);
}

function detailLines(cli: Cli, detail: Detail): string[] {
  const { words } = cli;
  const labels = words.agreement;
  const party = (one: Detail['parties'][number]) =>
    `${one.organisation} (${one.signed ? labels.signed : labels.notSigned})`;
  return [
    ...facts([
      [labels.id, detail.id],
      [labels.status, words.states[detail.status]],
      [labels.operation, detail.operation],
      [labels.purpose, detail.purpose],
      [labels.proposedBy, [detail.proposedBy, detail.proposedByUser].filter((name) => name !== undefined).join(' / ')],
      [labels.parties, detail.parties.map(party).join(', ')],
      [labels.decidedBy, detail.decidedByUser],
      [labels.usesLeft, `${number(detail.usesLeft)}/${number(detail.usesMax)}`],
      ...detail.reasons.map(({ organisation, decision, reason }): [string, string] => [
        labels.reasons[decision](organisation),
        visible(reason),
      ]),
      [labels.expires, time(detail.expiresAt)],
      [labels.created, time(detail.createdAt)],
      ...termFacts(detail.terms),
    ]),
    ...disclosureLines(cli, detail.disclosure, cli.config().organisation),
    ...(detail.plan === undefined ? [] : planLines(cli, detail.plan)),
    ...findingLines(cli, detail.findings),
  ];
}

function verdictLines(cli: Cli, { items }: ResponseOf<'agreement.verdicts'>): string[] {
  const { words } = cli;
  return items.flatMap(({ organisation, verdicts, unknown }) =>
    verdicts === undefined
      ? [`${organisation}${words.colon}${words.agreement.verdictsUnknown[unknown ?? 'not-told']}`]
      : findingLines(
          cli,
          verdicts.map((verdict) => ({ ...verdict, organisation })),
        ),
  );
}

/** What the terms say beyond the facts above, whatever the operation: signed means seen. */
function termFacts(terms: Detail['terms']): [string, string][] {
  const told = new Set(['operation', 'purpose', 'parties', 'expiresAt']);
  return Object.entries(terms)
    .filter(([name]) => !told.has(name))
    .map(([name, value]) => [visible(name), typeof value === 'string' ? value : JSON.stringify(value)]);
}
