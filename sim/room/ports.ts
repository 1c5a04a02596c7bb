/** What the jobs of a room need of the node that runs them. */
import { layoutOf, outcomeDigest } from '@causeway/core/applications/room';
import { bytesToHex, plainRowSorter, utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { PolicyDenied } from '@causeway/core/policy';
import {
  budgetsToGrant,
  type ContributePorts,
  type KeepPorts,
  type RoomReport,
  type RoomResult,
  type RoomRun,
} from '@causeway/server/jobs/room';
import { type WorkFile, withFiles } from '@causeway/server/jobs/work';
import type { Life } from '../node/life.ts';
import { bringKeys } from '../node/own-list.ts';
import { watched } from '../node/watched-links.ts';
import { keyPairs, type Party, parties } from '../scenario/organisations.ts';
import { silenceMs } from '../scenario/setting.ts';
import type { RoomPlay } from './play.ts';
import { attributes, codeOfRow } from './question.ts';
import { SimulatedRoomFiles } from './room-files.ts';
import { packRow, unpackRows } from './upload-rows.ts';

type Encode = Parameters<ContributePorts['encode']>[0];
type Load = Parameters<KeepPorts['load']>[0];

const pseudonymBytes = 16;

export function roomRun({ proposal, scenario: { terms } }: RoomPlay, job: string): RoomRun {
  return { job, agreement: proposal.agreement, terms };
}

function commonPorts(play: RoomPlay, life: Life, job: string) {
  const { node, process } = life;
  const { world, organisation } = node;
  return {
    organisation,
    keyPair: keyPairs[organisation],
    ledger: life.ledger!,
    calls: life.calls,
    clock: process.clock,
    links: watched(life.links, () => node.sent.add(job)),
    random: process.random,
    silenceMs,
    admit: async () => {
      if (play.scenario.refusing === organisation) throw new PolicyDenied([]);
    },
    release: async ({ outcome }: RoomResult) => {
      const digest = bytesToHex(sha256(utf8ToBytes(JSON.stringify([organisation, outcome]))));
      const released = { outcome: outcomeDigest(outcome), digest };
      world.releasing(organisation, job, released);
      const { row, isNew } = await node.results.putOnce(job, released, process);
      if (!isNew) world.sometimes('a result was found released');
      return row.digest;
    },
    report: ({ stage }: RoomReport) => {
      world.trace(organisation, `${job} ${stage}`);
      world.moment(`${organisation} ${stage.split(' ')[0]}`);
    },
  };
}

export function contributePorts(play: RoomPlay, life: Life, job: string): ContributePorts {
  const { node, process } = life;
  const { world } = node;
  const { terms, batchRows, lists, fillerRows } = play.scenario;
  const party = node.organisation as Party;
  const rowCount = lists[party].length;
  const layout = layoutOf(terms, attributes[party].table);

  /** The rows of the list from the last to the first, then rows of nobody. */
  const encode = async ({ work, pseudonyms, to }: Encode): Promise<number> => {
    const brought = world.canary === 'row-forgotten' && party === 'media' ? rowCount - 1 : rowCount;
    const order = Array.from({ length: Math.max(0, brought) }, (_, place) => brought - 1 - place);
    if (terms.activation?.receiver === party) await new SimulatedRoomFiles(life, play, job).keepRowsByPlace(order);
    const files = Object.fromEntries(pseudonyms.map((name, kind) => [`kind${kind}`, name]));
    await withFiles(work, { ...files, rows: to }, async ({ rows, ...kinds }) => {
      const opened = Object.values(kinds) as WorkFile[];
      for (const [place, row] of order.entries()) {
        const own = await Promise.all(opened.map((file) => file.read(row * pseudonymBytes, pseudonymBytes)));
        await rows.write(place * layout.rowBytes, packRow(layout, { pseudonyms: own, code: codeOfRow(row) }));
      }
      const filler = packRow(layout, { pseudonyms: [], code: 0 });
      const fillers = new Uint8Array(fillerRows * layout.rowBytes);
      for (let i = 0; i < fillerRows; i++) fillers.set(filler, i * layout.rowBytes);
      if (fillerRows > 0) await rows.write(order.length * layout.rowBytes, fillers);
      await rows.truncate((order.length + fillerRows) * layout.rowBytes);
      await rows.sync();
    });
    return order.length + fillerRows;
  };

  return {
    ...commonPorts(play, life, job),
    kernel: world.secrets.kernel,
    sorter: plainRowSorter,
    batchRows,
    rowCount: async () => rowCount,
    keys: (request) => bringKeys(world, party, request),
    budgetsToGrant: (run) =>
      budgetsToGrant(run.terms, {
        organisation: party,
        state: life.ledger!.state,
        wallMs: process.clock.wallMs(),
      }),
    encode,
  };
}

export function keepPorts(play: RoomPlay, life: Life, job: string): KeepPorts {
  const { world, disk } = life.node;
  const { terms } = play.scenario;
  const files = new SimulatedRoomFiles(life, play, job);
  return {
    ...commonPorts(play, life, job),
    software: 'simulation 1',
    load: async ({ uploads }: Load) => {
      await files.secret();
      for (const [index, { contributor, table, rows: path }] of uploads.entries()) {
        const bytes = disk.contentOf(job, path.slice(job.length + 1));
        const rows = unpackRows(layoutOf(terms, table), bytes!);
        const expected = play.scenario.lists[parties[index]!].length + play.scenario.fillerRows;
        if (rows.length !== expected)
          world.violation(`${contributor} brought ${rows.length} rows to ${job}, of ${expected} that it has`);
        await files.keepTable(index, bytes!.slice());
      }
    },
    discard: () => files.erase(),
    checkpointChunks: 1,
  };
}
