import { agreementId } from '@causeway/core/applications/match';
import { concatBytes, plainRowSorter, utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { PolicyDenied } from '@causeway/core/policy';
import type { KeyRequest, MatchJobPorts, MatchResult, MatchRun } from '@causeway/server/jobs/match';
import { bytesOf, withFiles } from '@causeway/server/jobs/work';
import { credulous, repeating } from '../canary.ts';
import { keyPairs, type Party } from '../scenario/organisations.ts';
import { silenceMs } from '../scenario/scenario.ts';
import type { Life } from './life.ts';
import { releasedOf } from './released.ts';
import { simulatedTables } from './simulated-tables.ts';
import { watched } from './watched-links.ts';

/** The match key of an identifier. */
export function matchKeyOf(kind: number, id: string): Uint8Array {
  return sha256(utf8ToBytes(`kind ${kind}: ${id}`)).slice(0, 16);
}

/** What a job needs of the node that runs it. */
export function matchPorts(
  life: Life,
  { job, party }: { readonly job: string; readonly party: Party },
): { readonly ports: MatchJobPorts; readonly run: MatchRun } {
  const { node, process } = life;
  const { world } = node;
  const { terms, lists } = world.scenario;
  const list = lists[party];
  const run = { job, agreement: agreementId(terms), terms };

  const keys = async ({ work, round, files, exclude }: KeyRequest): Promise<number> => {
    const brought = world.canary === 'row-forgotten' && party === 'media' ? list.slice(0, -1) : list;
    const rows = brought.flatMap((ids, row) => {
      const id = ids[round];
      return id === undefined || exclude?.has(row) ? [] : [{ row, key: matchKeyOf(round, id) }];
    });
    if (world.canary === 'file-left-open') await work.open(files.keys);
    await withFiles(work, files, async (opened) => {
      await opened.keys.write(0, concatBytes(...rows.map(({ key }) => key)));
      await opened.rows.write(0, bytesOf(Uint32Array.from(rows, ({ row }) => row)));
    });
    return rows.length;
  };

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
    rowCount: async () => list.length,
    keys,
    admit: async () => {
      if (world.scenario.refusing === party) throw new PolicyDenied([]);
    },
    release,
    report: ({ stage, round }) => {
      world.trace(party, `${job} ${stage} ${round}`);
      world.moment(`${party} ${stage}`);
    },
    silenceMs,
    batchRows: world.scenario.batchRows,
    oprf: async ({ round }) => simulatedTables(life, { job, round, party, terms }),
  };
  return { ports: world.canary === 'release-ignores-ledger' ? credulous(ports) : ports, run };
}
