/** The rules that hold at the end of every match, whatever happened in it. */
import type { Receiver, RoundCounts } from '@causeway/core/applications/match';
import { checkJobs, explainedFailures, noteJobRarities } from '../check/jobs.ts';
import { checkLedgers } from '../check/ledgers.ts';
import type { Injected, MustHold, Nodes } from '../check/rule.ts';
import { checkWishes } from '../check/wishes.ts';
import { type Party, partnerOf } from '../scenario/organisations.ts';
import type { World } from '../world/world.ts';
import { type PlainRound, plainMatch } from './plain-join.ts';
import type { MatchReleased } from './released.ts';
import type { MatchScenario } from './scenario.ts';

/** Reports every rule that the run has broken to its world. */
export function checkMatch(scenario: MatchScenario, world: World, nodes: Nodes, injected: Injected): void {
  checkLedgers(world, nodes);
  checkWishes(world, nodes, { starts: scenario.starts.length, expires: false });
  noteJobRarities(world, nodes);
  checkJobs(world, nodes, {
    allowed: allowedFailures(scenario, world, nodes, injected),
    checkReleased: (party, released, rule) => checkResult(scenario, party as Party, released as MatchReleased, rule),
  });
}

function checkResult(scenario: MatchScenario, party: Party, released: MatchReleased, rule: MustHold): void {
  const { terms, lists } = scenario;
  const side = terms.proposer.organisation === party ? 'proposer' : 'partner';
  const { learns } = terms[side];
  const plain = expected(scenario)[side];
  rule(isAllowed(scenario), 'a list below the minimum or over the limit was matched');
  rule(scenario.refusing === undefined, 'a list was matched that its own side refuses');
  rule(released.counts.length === plain.length, 'another number of rounds');
  for (const [i, round] of plain.entries()) {
    const counts = released.counts[i]!;
    const want: Omit<RoundCounts, 'form'> = {
      rows: round.rows,
      keys: round.keys,
      partnerKeys: round.partnerKeys,
      matchedKeys: learns === 'nothing' ? undefined : round.shared,
      matchedRows: learns === 'rows' ? round.matched.length : undefined,
    };
    for (const [name, value] of Object.entries(want)) {
      const got = counts[name as keyof typeof want];
      rule(got === value, `round ${i}: ${name} is ${got}, by a plain join ${value} (${lists[party].length} rows)`);
    }
    const rows = learns === 'rows' ? round.matched : undefined;
    rule(
      JSON.stringify(released.matched?.[i]) === JSON.stringify(rows),
      `round ${i}: rows [${released.matched?.[i]}] matched, by a plain join [${rows}]`,
    );
  }
}

function expected(scenario: MatchScenario): { proposer: readonly PlainRound[]; partner: readonly PlainRound[] } {
  const { terms, lists } = scenario;
  const proposer = terms.proposer.organisation as Party;
  return plainMatch(
    { proposer: lists[proposer], partner: lists[partnerOf(proposer)] },
    { receiver: receiverOf(scenario), rounds: terms.rounds.length },
  );
}

function receiverOf({ terms }: MatchScenario): Receiver {
  if (terms.proposer.learns === 'count') return 'none';
  if (terms.partner.learns === 'nothing') return 'me';
  return terms.proposer.learns === 'nothing' ? 'them' : 'both';
}

/** Whether both lists keep to the limits agreed, in every round that is held to them. */
function isAllowed(scenario: MatchScenario): boolean {
  const { terms } = scenario;
  const plain = expected(scenario);
  return terms.rounds.every((_, round) => {
    const minimum = receiverOf(scenario) === 'both' && round > 0 ? 0 : terms.limits.minimumListRows;
    return (['proposer', 'partner'] as const).every((side) => {
      const { keys } = plain[side][round]!;
      return keys >= minimum && keys <= terms[side].rowsMax;
    });
  });
}

function allowedFailures(scenario: MatchScenario, world: World, nodes: Nodes, injected: Injected): Set<string> {
  const allowed = explainedFailures(world, nodes, injected);
  if (scenario.refusing !== undefined) allowed.add('policy-denied');
  if (!isAllowed(scenario)) for (const code of ['list-below-minimum', 'list-over-limit', 'set-size']) allowed.add(code);
  return allowed;
}
