/** The statement of who will learn what, and the plan behind it, as they are shown before anyone signs. */
import type { ResponseOf } from '@causeway/core/api';
import type { Cli } from '../cli.ts';
import { facts, indent, table } from './table.ts';
import { visible } from './text.ts';
import { bytes, duration, number } from './values.ts';

type Proposal = ResponseOf<'agreement.proposeMatch'>;
export type Disclosure = Proposal['disclosure'];
export type Plan = Proposal['plan'];
type Finding = Proposal['findings'][number];
/** Of a partner's rules some are told without words. */
export type Verdict = Pick<Finding, 'rule' | 'organisation' | 'outcome'> & {
  readonly words?: Finding['words'] | undefined;
};

export function disclosureLines(cli: Cli, disclosure: Disclosure, self: string): string[] {
  const { words } = cli;
  return [
    words.disclosure.title,
    ...indent([
      visible(cli.say(disclosure.words)),
      ...disclosure.parties.flatMap((party) => [
        words.disclosure.learns(visible(party.organisation), party.organisation === self),
        ...indent(
          party.learns.length === 0
            ? [`- ${words.disclosure.nothing}`]
            : party.learns.map((fact) => {
                const sentence = `- ${visible(cli.say(fact.words))}`;
                const bound = fact.atMost === undefined ? '' : number(fact.atMost);
                return sentence.includes(bound) ? sentence : `${sentence} (${words.disclosure.atMost(bound)})`;
              }),
        ),
      ]),
      ...(disclosure.flows.length === 0
        ? []
        : [words.disclosure.flows, ...indent(disclosure.flows.map((flow) => `- ${flowLine(cli, flow)}`))]),
      ...(disclosure.assumptions.length === 0
        ? []
        : [words.disclosure.assumptions, ...indent(disclosure.assumptions.map((one) => `- ${visible(cli.say(one))}`))]),
      `${words.disclosure.digest}${words.colon}${disclosure.digest}`,
    ]),
  ];
}

function flowLine(cli: Cli, flow: Disclosure['flows'][number]): string {
  const { words } = cli;
  const size = flow.bytesAbout === undefined ? '' : ` (${words.about(bytes(flow.bytesAbout))})`;
  return `${visible(flow.from)} → ${visible(flow.to)}${words.colon}${visible(cli.say(flow.words))}${size}`;
}

export function planLines(cli: Cli, plan: Plan): string[] {
  const { words } = cli;
  const { plan: labels } = words;
  return [
    labels.title,
    ...indent([
      ...facts([
        [labels.protocol, `${plan.protocol} (${plan.kernel})`],
        [labels.rowsMine, words.about(number(plan.rowsAbout.mine))],
        [labels.rowsTheirs, words.about(number(plan.rowsAbout.theirs))],
        [labels.time, words.about(duration(plan.secondsAbout, words))],
        [labels.traffic, words.about(bytes(plan.bytesAbout))],
      ]),
      visible(cli.say(plan.words)),
      ...plan.alternatives.map(
        (other) => `${labels.instead(other.protocol)}${words.colon}${visible(cli.say(other.words))}`,
      ),
      ...table(
        [{ title: labels.key }, { title: labels.mine }, { title: labels.theirs }, { title: labels.form }],
        plan.rounds.map((round) => [round.key, round.mine ?? '', round.theirs, round.form]),
      ),
    ]),
  ];
}

/** One line for each rule that was evaluated, and whose rule it is. */
export function findingLines(cli: Cli, findings: readonly Verdict[]): string[] {
  if (findings.length === 0) return [];
  return [
    cli.words.finding.title,
    ...indent(
      findings.map(
        ({ rule, organisation, outcome, words }) =>
          `${cli.words.finding[outcome]}${words === undefined ? '' : `${cli.words.colon}${visible(cli.say(words))}`} (${visible(organisation)}: ${visible(rule)})`,
      ),
    ),
  ];
}
