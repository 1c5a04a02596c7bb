/** The rules that hold at the end of every room, whatever happened to it. */
import type { LedgerState, RoomState } from '@causeway/core/ledger';
import { ledgerName } from '@causeway/server/rooms';
import { checkJobs, explainedFailures, noteJobRarities } from '../check/jobs.ts';
import { checkLedgers } from '../check/ledgers.ts';
import type { Injected, MustHold, Nodes } from '../check/rule.ts';
import { checkWishes } from '../check/wishes.ts';
import { organisations, parties } from '../scenario/organisations.ts';
import type { World } from '../world/world.ts';
import type { RoomPlay } from './play.ts';
import { placesFile, roomFolderName } from './room-files.ts';
import { keeper, type RoomScenario } from './scenario.ts';

/** Reports every rule that the run has broken to its world. */
export function checkRoom(play: RoomPlay, world: World, nodes: Nodes, injected: Injected): void {
  const { scenario } = play;
  checkLedgers(world, nodes);
  // Somebody closes the room at the end, whoever else has done so before.
  checkWishes(world, nodes, { starts: scenario.starts.length, expires: scenario.expiresMs !== undefined });
  noteJobRarities(world, nodes);
  const state = checkJobs(world, nodes, {
    allowed: allowedFailures(scenario, explainedFailures(world, nodes, injected)),
    checkReleased: (_party, _released, rule) => {
      rule(isAllowed(scenario), 'a list below the minimum or over the limit was taken in');
      rule(scenario.refusing === undefined, 'a room was loaded that a party refuses');
    },
  });
  for (const room of state.rooms()) checkErased(play, world, nodes, room);
  checkBudgets(play, world, nodes, state);
  noteRoomRarities(play, world, state);
}

/** Nothing is left of a room but its answers, at those who asked. */
function checkErased(play: RoomPlay, world: World, nodes: Nodes, room: RoomState): void {
  const rule = ruleOf(world, room);
  rule(room.deletedAtMs !== undefined, 'it was not erased');
  rule(room.acknowledged.length === parties.length, 'a contributor has not taken note of its end');
  const kept = nodes[keeper].disk.namesIn(roomFolderName(room.room));
  rule(kept.length === 0, `its keeper has erased it, and ${kept.length} files of it are there`);
  for (const party of parties) {
    const places = nodes[party].disk.namesIn(roomFolderName(room.room)).includes(placesFile);
    rule(!places, `${party} still knows which of its rows it brought`);
  }
  const most = play.scenario.terms.activation?.audiencesMax ?? 0;
  rule(room.audiences.length <= most, `${room.audiences.length} audiences were given, of ${most} agreed`);
}

/** No account was overspent, and what the ledger says that answers cost is what was charged for them. */
function checkBudgets(play: RoomPlay, world: World, nodes: Nodes, state: LedgerState): void {
  const { accounts, charges } = play.bookOf(nodes[keeper]);
  for (const { id, spent, total, exactTables } of accounts.values()) {
    const charged = [...charges.values()].filter(({ budgets }) => budgets.includes(id));
    const sum = charged.reduce((all, { rho }) => all + rho, 0);
    if (spent > total) world.violation(`the budget ${id} is overspent: ${spent} of ${total}`);
    if (spent !== sum) world.violation(`the budget ${id} has spent ${spent}, and ${sum} was charged`);
    if (total !== play.scenario.terms.budgetRho) world.violation(`the budget ${id} is ${total}, which was not granted`);
    if (exactTables > 64) world.violation(`the budget ${id} has given ${exactTables} exact tables`);
  }
  for (const { entry } of world.records) {
    if (entry.type !== 'room.answered') continue;
    const { room, question, rho } = entry.body;
    const rule = ruleOf(world, state.room(room)!);
    const charge = [...charges.values()].find(({ key }) =>
      play.secrets.some((secret) => ledgerName(secret, `question ${key}`) === question),
    );
    rule(charge?.status === 'answered', 'an answer was given that was not paid for');
    if (charge) rule(charge.rho === rho, `the ledger says that an answer cost ${rho}, and ${charge.rho} was charged`);
  }
}

function ruleOf(world: World, { room }: RoomState): MustHold {
  return (holds, what) => {
    if (!holds) world.violation(`room ${room}: ${what}`);
  };
}

/** Whether both lists keep to the limits agreed. */
function isAllowed({ terms, lists, fillerRows }: RoomScenario): boolean {
  return parties.every((party) => {
    const { rowsMax } = terms.contributors.find(({ organisation }) => organisation === party)!;
    return (
      lists[party].length + fillerRows <= rowsMax &&
      terms.rounds.every((_, kind) => {
        const keys = new Set(lists[party].map((ids) => ids[kind]).filter((id) => id !== undefined)).size;
        return keys >= terms.limits.minimumListRows && keys <= rowsMax;
      })
    );
  });
}

function allowedFailures(scenario: RoomScenario, allowed: Set<string>): Set<string> {
  if (scenario.refusing !== undefined) allowed.add('policy-denied');
  if (!isAllowed(scenario)) for (const code of ['list-below-minimum', 'list-over-limit', 'set-size']) allowed.add(code);
  return allowed;
}

function noteRoomRarities(play: RoomPlay, world: World, state: LedgerState): void {
  const ends = organisations.flatMap((organisation) => play.asksOf(organisation).map(({ end }) => end));
  const refused = (code: string) => ends.some((end) => end && 'refused' in end && end.refused === code);
  if (refused('budget-exhausted')) world.sometimes('a budget was used up');
  if (refused('conflict')) world.sometimes('all audiences were given');
  if (refused('room-closed')) world.sometimes('a room was closed before it could be asked');
  const isRevoked = world.records.some(({ entry }) => entry.type === 'agreement.revoked');
  if (!isRevoked && state.rooms().length > 0) world.sometimes('a room ended by its date');
  for (const { answers, audiences } of state.rooms()) {
    if (answers.length > 1) world.sometimes('a room answered several questions');
    if (audiences.length > 0) world.sometimes('a room gave an audience');
  }
}
