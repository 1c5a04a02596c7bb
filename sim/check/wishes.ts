/** What the ledger promised to somebody stands where it was promised, and nothing was refused without a cause. */
import type { World } from '../world/world.ts';
import type { Nodes } from './rule.ts';

/** @param of.expires whether the agreement may have ended by its date. */
export function checkWishes(
  world: World,
  nodes: Nodes,
  of: { readonly starts: number; readonly expires: boolean },
): void {
  // A job may end on its own before somebody's word about it comes.
  const explained = new Set(['job.failed already-reported', 'job.failed job-not-running']);
  if (of.starts > 1)
    for (const code of ['agreement-busy', 'agreement-exhausted', 'room-open']) explained.add(`job.started ${code}`);
  if (world.records.some(({ entry }) => entry.type === 'agreement.revoked'))
    for (const type of ['job.started', 'agreement.revoked']) explained.add(`${type} agreement-revoked`);
  if (of.expires) explained.add('job.started agreement-expired');
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
