/** Where a simulated node keeps the tables of psi/oprf, and what it counts of their evaluations. */
import type { OprfPorts } from '@causeway/server/jobs/match/oprf';
import { ledgerKeys } from '@causeway/server/jobs/match/oprf';
import type { Life } from '../node/life.ts';
import { type Party, partnerOf } from '../scenario/organisations.ts';
import type { MatchPlay } from './play.ts';

/** Name of the folder on the node's disk: it outlives the jobs. */
export function tablesFolder(round: number): string {
  return `tables of kind ${round}`;
}

export function simulatedTables(
  play: MatchPlay,
  life: Life,
  of: { readonly job: string; readonly round: number; readonly party: Party },
): OprfPorts {
  const { node, process } = life;
  const { job, round, party } = of;
  const { terms, evaluationsElsewhere } = play.scenario;
  const evaluations = play.evaluationsOf(node);
  const { world } = node;
  const client = (terms.proposer.learns === 'rows' ? terms.proposer : terms.partner).organisation as Party;
  const folder = tablesFolder(round);
  const scope = { owner: partnerOf(client), dataset: 'people', form: terms.rounds[round]!.form, partner: client };
  const keys = ledgerKeys(life.ledger!, scope, process.clock);
  const spentOn = (epoch: number) =>
    [...evaluations.rows.values()]
      .filter((row) => row.round === round && row.epoch === epoch)
      .reduce((sum, row) => sum + row.evaluations, 0);
  if (node.disk.contentOf(folder, 'served')) world.sometimes('a job found a table');
  return {
    tables: node.disk.folder(folder, process),
    alone: (work) => life.order.run(folder, work),
    source: async () => party,
    keys: {
      ...keys,
      async publish(key, signal) {
        await keys.publish(key, signal);
        if (key.epoch > 1) world.sometimes('a key was followed by another');
      },
    },
    budget: {
      async spent(epoch) {
        await evaluations.get('', process);
        const spent = spentOn(epoch);
        return spent === 0 ? 0 : spent + evaluationsElsewhere;
      },
      async spend({ epoch, evaluations: count, limit }) {
        const { isNew } = await evaluations.putOnce(`${job} ${round}`, { round, epoch, evaluations: count }, process);
        if (!isNew) world.sometimes('evaluations were found counted');
        if (spentOn(epoch) > limit) world.violation(`${party} gave ${spentOn(epoch)} evaluations of ${limit}`);
      },
    },
    evaluationsOfEpoch: 0,
    nowMs: () => process.clock.wallMs(),
  };
}
