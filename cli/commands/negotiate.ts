/** A proposal on a terminal: who would learn what is shown; a person agrees; then the partner sees it. */
import type { ResponseOf } from '@causeway/core/api';
import { confirm } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { CommandError } from '../problem.ts';
import { disclosureLines, findingLines, planLines } from '../show/disclosure.ts';
import { facts } from '../show/table.ts';

type Proposed = ResponseOf<'agreement.proposeMatch'>;

/** @param of.ask makes the proposal, or only its disclosure, plan and findings. */
export async function negotiate(
  cli: Cli,
  {
    partner,
    dryRun,
    ask,
  }: {
    readonly partner: string;
    readonly dryRun: boolean;
    readonly ask: (dryRun: boolean) => Promise<Proposed>;
  },
): Promise<void> {
  const { words } = cli;
  const self = cli.config().organisation;
  const shown = (answer: Proposed) => [
    ...disclosureLines(cli, answer.disclosure, self),
    ...planLines(cli, answer.plan),
    ...findingLines(cli, answer.findings),
  ];
  if (dryRun) {
    const answer = await ask(true);
    cli.answer(answer, () => [...shown(answer), words.propose.nothingProposed]);
    return;
  }
  // A proposal binds only when the partner signs, and can be revoked until then: a script need not say yes to it.
  let seen: string | undefined;
  if (cli.terminal.interactive && !cli.yes) {
    const draft = await ask(true);
    cli.note(...shown(draft), '');
    await confirm(cli, words.propose.question(partner));
    seen = JSON.stringify(draft.disclosure.parties);
  }
  const answer = await ask(false);
  if (seen !== undefined && seen !== JSON.stringify(answer.disclosure.parties)) {
    cli.note(...disclosureLines(cli, answer.disclosure, self));
    throw new CommandError('disclosure-differs', words.propose.differs, words.propose.differsRemedy(answer.agreement));
  }
  cli.answer(answer, () => [
    ...(seen === undefined ? [...shown(answer), ''] : []),
    ...facts([
      [words.agreement.id, answer.agreement],
      [words.agreement.status, words.states[answer.status]],
    ]),
    answer.status === 'draft' ? words.propose.waitsHere : words.propose.waitsThere(partner),
  ]);
}
