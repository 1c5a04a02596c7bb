/** The rules that hold at the end of every run, whatever happened in it. */
import type { Receiver, RoundCounts } from '@causeway/core/applications/match';
import { LedgerState } from '@causeway/core/ledger';
import type { Released } from '../node/released.ts';
import type { SimulatedNode } from '../node/simulated-node.ts';
import { type Organisation, type Party, parties, partnerOf } from '../scenario/organisations.ts';
import { silenceMs } from '../scenario/scenario.ts';
import type { World } from '../world/world.ts';
import { type PlainRound, plainMatch } from './plain-join.ts';

export type Nodes = Readonly<Record<Organisation, SimulatedNode>>;

/** What was done to a run, as far as a job may fail for it. */
export interface Injected {
  /** Time during which somebody could not reach somebody, or was down. */
  readonly silentMs: number;
}

/** Reports every rule that the run has broken to its world. */
export function checkRun(world: World, nodes: Nodes, injected: Injected): void {
  checkLedgers(world, nodes);
  checkWishes(world, nodes);
  noteRarities(world, nodes);
  const state = new LedgerState();
  for (const record of world.records) state.apply(record);
  for (const job of state.jobs()) {
    for (const party of parties) {
      const results = [...nodes[party].results.rows].filter(([place]) => place.startsWith(job.job));
      const released = results[0]?.[1];
      const said = job.released.filter(({ organisation }) => organisation === party);
      const rule = (holds: boolean, what: string) => {
        if (!holds) world.violation(`${job.job} at ${party}: ${what}`);
      };
      const ended = nodes[party].jobs.rows.get(job.job)?.status;
      rule(ended === job.status, `the job is ${ended} at this node, and ${job.status} on the ledger`);
      rule(nodes[party].disk.namesIn(job.job).length === 0, 'files of an ended job are left on the disk');
      if (job.status === 'finished') {
        rule(results.length === 1, `the job has finished, and ${results.length} results were released`);
        rule(
          said.length === 1 && said[0]!.digest === released?.digest,
          'the release does not stand on the ledger once',
        );
        rule(released?.outcome === job.outcome, 'the outcome released is not the one on the ledger');
        if (released) checkResult(world, party, released, rule);
      } else {
        rule(job.status === 'failed', `the job is ${job.status}`);
        rule(released === undefined && said.length === 0, 'the job has failed, and something was released');
        const failure = job.failures[0];
        rule(
          failure !== undefined && allowedFailures(world, nodes, injected).has(failure.code),
          `failed with ${failure?.code}, which nothing in this run explains`,
        );
        const own = job.failures.find(({ organisation }) => organisation === party);
        rule(own !== undefined, 'the failure was not told by this side');
        if (job.failures.every(({ exchanged }) => !exchanged)) world.sometimes('a use came back');
        rule(own?.exchanged !== false || !nodes[party].sent.has(job.job), 'said that nothing was exchanged, and sent');
      }
    }
  }
}

function checkLedgers(world: World, nodes: Nodes): void {
  const truth = nodes[world.scenario.operator].store.kept.leaves;
  for (const node of Object.values(nodes)) {
    const { leaves } = node.store.kept;
    const same = leaves.length === truth.length && leaves.every((leaf, i) => Buffer.compare(leaf, truth[i]!) === 0);
    if (!same) world.violation(`the ledger of ${node.organisation} is not the operator's: ${leaves.length} records`);
    if (node.ledger?.alarm) world.violation(`${node.organisation} is alarmed: ${node.ledger.alarm.message}`);
    if (node.ledger?.state.size !== truth.length) world.violation(`${node.organisation} lives on another ledger`);
    if (node.disk.openFiles !== 0) world.violation(`${node.organisation} holds ${node.disk.openFiles} files open`);
  }
  for (const [index, leaf] of truth.entries()) {
    for (const kind of world.secrets.findIn(leaf))
      world.violation(`record ${index} of the ledger holds the first bytes of: ${kind}`);
  }
}

/** What the ledger promised to somebody stands where it was promised. */
function checkWishes(world: World, nodes: Nodes): void {
  const { starts } = world.scenario;
  // A job may end on its own before somebody's word about it comes.
  const explained = new Set(['job.failed already-reported', 'job.failed job-not-running']);
  if (starts.length > 1) for (const code of ['busy', 'exhausted']) explained.add(`job.started agreement-${code}`);
  if (world.records.some(({ entry }) => entry.type === 'agreement.revoked'))
    for (const type of ['job.started', 'agreement.revoked']) explained.add(`${type} agreement-revoked`);
  for (const { organisation, wishes } of Object.values(nodes)) {
    for (const { granted, type } of wishes) {
      if (granted === undefined) world.violation(`${organisation} still waits for ${type}`);
      else if ('index' in granted && granted.index !== undefined) {
        const { entry } = world.records[granted.index] ?? {};
        if (entry?.type === type && entry.author === organisation) continue;
        world.violation(`${organisation} was told that its ${type} is record ${granted.index}, which it is not`);
      } else if ('refused' in granted && !explained.has(`${type} ${granted.refused}`)) {
        world.violation(`${organisation} was refused ${type} with ${granted.refused}, which nothing explains`);
      }
    }
  }
}

function checkResult(
  world: World,
  party: Party,
  released: Released,
  rule: (holds: boolean, what: string) => void,
): void {
  const { terms, lists } = world.scenario;
  const side = terms.proposer.organisation === party ? 'proposer' : 'partner';
  const { learns } = terms[side];
  const plain = expected(world)[side];
  rule(isAllowed(world), 'a list below the minimum or over the limit was matched');
  rule(world.scenario.refusing === undefined, 'a list was matched that its own side refuses');
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

function expected(world: World): { proposer: readonly PlainRound[]; partner: readonly PlainRound[] } {
  const { terms, lists } = world.scenario;
  const proposer = terms.proposer.organisation as Party;
  return plainMatch(
    { proposer: lists[proposer], partner: lists[partnerOf(proposer)] },
    { receiver: receiverOf(world), rounds: terms.rounds.length },
  );
}

function receiverOf({ scenario: { terms } }: World): Receiver {
  if (terms.proposer.learns === 'count') return 'none';
  if (terms.partner.learns === 'nothing') return 'me';
  return terms.proposer.learns === 'nothing' ? 'them' : 'both';
}

/** Whether both lists keep to the limits agreed, in every round that is held to them. */
function isAllowed(world: World): boolean {
  const { terms } = world.scenario;
  const plain = expected(world);
  return terms.rounds.every((_, round) => {
    const minimum = receiverOf(world) === 'both' && round > 0 ? 0 : terms.limits.minimumListRows;
    return (['proposer', 'partner'] as const).every((side) => {
      const { keys } = plain[side][round]!;
      return keys >= minimum && keys <= terms[side].rowsMax;
    });
  });
}

function allowedFailures(world: World, nodes: Nodes, { silentMs }: Injected): Set<string> {
  const allowed = new Set<string>();
  for (const party of parties) for (const code of nodes[party].disk.faultsMet) allowed.add(code);
  for (const { entry } of world.records)
    if (entry.type === 'job.failed' && entry.body.code === 'cancelled') allowed.add('cancelled');
  if (world.scenario.refusing !== undefined) allowed.add('policy-denied');
  if (silentMs >= silenceMs / 2) allowed.add('partner-silent');
  if (!isAllowed(world)) for (const code of ['list-below-minimum', 'list-over-limit', 'set-size']) allowed.add(code);
  return allowed;
}

function noteRarities(world: World, nodes: Nodes): void {
  const entries = world.records.map(({ entry }) => entry);
  const wishes = Object.values(nodes).flatMap((node) => node.wishes);
  const failedWith = (code: string) => entries.some(({ type, body }) => type === 'job.failed' && body.code === code);
  const revokedAt = entries.findIndex(({ type }) => type === 'agreement.revoked');
  const finishedAt = entries.findLastIndex(({ type }) => type === 'job.finished');
  if (revokedAt >= 0 && finishedAt > revokedAt) world.sometimes('a job finished though the agreement was revoked');
  if (failedWith('policy-denied')) world.sometimes('a list was refused by its own side');
  if (failedWith('partner-silent')) world.sometimes('a job ended by silence');
  if (failedWith('cancelled')) world.sometimes('a job ended by cancelling');
  if (failedWith('disk-failed')) world.sometimes('a job ended by a failing disk');
  if (entries.filter(({ type }) => type === 'job.started').length > 1) world.sometimes('a second job ran');
  if (Object.values(nodes).some(({ store }) => store.faultsMet > 0))
    world.sometimes('the ledger began again after a failed write');
  for (const { granted } of wishes) {
    if (granted === undefined) continue;
    if ('refused' in granted && granted.refused === 'agreement-busy') world.sometimes('two starts met');
    if ('index' in granted && granted.index === undefined)
      world.sometimes('an answer was lost after the entry was taken');
  }
}
