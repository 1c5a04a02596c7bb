import { agreementId } from '@causeway/core/applications/match';
import { plainRowSorter } from '@causeway/core/bytes';
import { PolicyDenied } from '@causeway/core/policy';
import type { MatchJobPorts, MatchResult, MatchRun } from '@causeway/server/jobs/match';
import { credulous, repeating } from '../canary.ts';
import type { Life } from '../node/life.ts';
import { bringKeys } from '../node/own-list.ts';
import { watched } from '../node/watched-links.ts';
import { keyPairs, type Party } from '../scenario/organisations.ts';
import { silenceMs } from '../scenario/setting.ts';
import type { MatchPlay } from './play.ts';
import { releasedOf } from './released.ts';
import { simulatedTables } from './simulated-tables.ts';

/** What a job needs of the node that runs it. */
export function matchPorts(
  play: MatchPlay,
  life: Life,
  { job, party }: { readonly job: string; readonly party: Party },
): { readonly ports: MatchJobPorts; readonly run: MatchRun } {
  const { node, process } = life;
  const { world } = node;
  const { terms, refusing, batchRows } = play.scenario;
  const run = { job, agreement: agreementId(terms), terms };

  const release = async (result: MatchResult): Promise<string> => {
    const released = releasedOf(result);
    world.releasing(party, job, released);
    const place = world.canary === 'release-forgets' ? `${job} ${process.random.below(100)}` : job;
    const { row, isNew } = await node.results.putOnce(place, released, process);
    if (!isNew) world.sometimes('a result was found released');
    if (row.digest !== released.digest) world.violation(`${party} released two results of ${job}`);
    world.trace(party, `released ${job}`);
    return row.digest;
  };

  const links = watched(life.links, () => node.sent.add(job));
  const ports: MatchJobPorts = {
    organisation: party,
    keyPair: keyPairs[party],
    ledger: life.ledger!,
    links: world.canary === 'message-twice' ? repeating(links, 5) : links,
    calls: life.calls,
    kernel: world.secrets.kernel,
    sorter: plainRowSorter,
    random: process.random,
    clock: process.clock,
    rowCount: async () => world.setting.lists[party].length,
    keys: (request) => bringKeys(world, party, request),
    admit: async () => {
      if (refusing === party) throw new PolicyDenied([]);
    },
    release,
    report: ({ stage, round }) => {
      world.trace(party, `${job} ${stage} ${round}`);
      world.moment(`${party} ${stage}`);
    },
    silenceMs,
    batchRows,
    oprf: async ({ round }) => simulatedTables(play, life, { job, round, party }),
  };
  return { ports: world.canary === 'release-ignores-ledger' ? credulous(ports) : ports, run };
}
