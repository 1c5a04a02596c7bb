/** Of the ledger: all have the same one, nobody is alarmed, and nothing stands on it that is nobody's business. */
import type { World } from '../world/world.ts';
import type { Nodes } from './rule.ts';

export function checkLedgers(world: World, nodes: Nodes): void {
  const truth = nodes[world.setting.operator].store.kept.leaves;
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
