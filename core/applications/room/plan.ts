/** What loading a room will take: pseudonyms of all rows, each contributor with the keys of the others; then sealed rows to the keeper; then its tables. */
import {
  blindingPoints,
  type Effort,
  type GroupFacts,
  groupBasisOf,
  groupSecondsAbout,
  rowSeconds,
  sealedByteSeconds,
} from '../estimate.ts';
import { bytesOfFlows, type Flow } from '../flow.ts';
import type { PairPlan } from '../pair-plan.ts';
import { disclose } from './disclosure.ts';
import { layoutOf } from './layout.ts';
import { contributionsOf, type RoomContribution, type RoomTerms, serversOf } from './terms.ts';

/** A kind of identifier, by the columns that it stands in: `table.column`. */
interface RoomRound {
  readonly key: string;
  readonly form: string;
  /** Left out for the keeper, which brings none. */
  readonly mine?: string;
  /** Of all others together. */
  readonly theirs: string;
}

/** Rows are those of all own tables, and of all those of others together. */
export interface RoomPlan extends Omit<PairPlan, 'rounds'> {
  readonly rounds: readonly RoomRound[];
}

// Seconds of one core. What is left of the 37 of two lists of 1,000,000 (bench/results/join-spine.json) without their 3.25 multiplications a row, and without
// bringing keys into order: sorting, committing, writing and reading, half of it at each end of a visit.
const visitSeconds = 0.4e-6;
/** A row with its values as it is sent, and a row that came as one of a table of persons: 0.8 s and 1.5 s of 400,000 with two columns. */
const encodedSeconds = 1.9e-6;
const loadedSeconds = 3.6e-6;

/** @param facts of all other parties. */
export function planRoom(terms: RoomTerms, organisation: string, facts: GroupFacts): RoomPlan {
  const sum = (rows: readonly { readonly rowsAbout: number }[]) =>
    rows.reduce((all, { rowsAbout }) => all + rowsAbout, 0);
  const mine = sum(contributionsOf(terms, organisation));
  const { flows } = disclose(terms);
  return {
    protocol: 'join/spine',
    kernel: facts.own.kernel,
    rounds: terms.rounds.map((round) => plannedRound(round, organisation)),
    rowsAbout: { mine, theirs: sum(terms.contributors) - mine },
    secondsAbout: groupSecondsAbout(stagesOf(terms, organisation, { facts, flows }), facts),
    bytesAbout: bytesOfFlows(flows),
    words: groupBasisOf(facts),
  };
}

/** One after the other: what the keeper loads has to have come, and what is sent has its pseudonyms. */
function stagesOf(
  terms: RoomTerms,
  organisation: string,
  { facts, flows }: { readonly facts: GroupFacts; readonly flows: readonly Flow[] },
) {
  const isUpload = ({ code }: Flow) => code === 'pseudonymous-rows';
  const stage = (effortOf: (party: string) => Effort, carried: readonly Flow[]) => ({
    own: effortOf(organisation),
    others: facts.others.map(({ organisation: other }) => {
      const between = carried.filter(({ from, to }) => [from, to].includes(other) && [from, to].includes(organisation));
      return { effort: effortOf(other), bytes: bytesOfFlows(between) };
    }),
  });
  return [
    stage(
      (party) => pseudonymEffort(terms, party),
      flows.filter((flow) => !isUpload(flow)),
    ),
    stage((party) => uploadEffort(terms, party), flows.filter(isUpload)),
    stage((party) => loadEffort(terms, party), []),
  ];
}

/** Own rows are blinded, visit every other holder of a key, and are unblinded; a holder of a key multiplies the rows of all others. */
function pseudonymEffort(terms: RoomTerms, party: string): Effort {
  const rounds = terms.rounds.length;
  const own = contributionsOf(terms, party).reduce((sum, { rowsAbout }) => sum + rowsAbout, 0);
  const served = terms.keyHolders.includes(party)
    ? terms.contributors.reduce((sum, { organisation, rowsAbout }) => sum + (organisation === party ? 0 : rowsAbout), 0)
    : 0;
  const visited = own * serversOf(terms, party).length;
  return {
    points: rounds * ((blindingPoints + 1) * own + served),
    coreSeconds: rounds * (rowSeconds * own + visitSeconds * (visited + served)),
  };
}

function uploadEffort(terms: RoomTerms, party: string): Effort {
  return eachRow(terms, contributionsOf(terms, party), encodedSeconds);
}

function loadEffort(terms: RoomTerms, party: string): Effort {
  return eachRow(terms, party === terms.room ? terms.contributors : [], loadedSeconds);
}

function eachRow(terms: RoomTerms, tables: readonly RoomContribution[], seconds: number): Effort {
  const coreSeconds = tables.reduce(
    (sum, { table, rowsAbout }) => sum + rowsAbout * (seconds + sealedByteSeconds * layoutOf(terms, table).rowBytes),
    0,
  );
  return { points: 0, coreSeconds };
}

function plannedRound({ form, columns }: RoomTerms['rounds'][number], organisation: string): RoomRound {
  const named = (isOwn: boolean) =>
    columns
      .filter((one) => (one.organisation === organisation) === isOwn)
      .map(({ table, column }) => `${table}.${column}`)
      .join(', ');
  const mine = named(true);
  return { key: form, form, ...(mine === '' ? {} : { mine }), theirs: named(false) };
}
