/** Of every job: all parties come to the ledger's end, what was given out is what all signed, and nothing of it is left on a disk. */
import { type JobState, LedgerState } from '@causeway/core/ledger';
import type { Released } from '../node/released.ts';
import type { Organisation } from '../scenario/organisations.ts';
import { silenceMs } from '../scenario/setting.ts';
import type { World } from '../world/world.ts';
import type { Injected, MustHold, Nodes } from './rule.ts';

/** @returns the ledger's state at the end of the run. */
export function checkJobs(
  world: World,
  nodes: Nodes,
  of: {
    /** Codes with which a job may have failed in this run. */
    readonly allowed: ReadonlySet<string>;
    readonly checkReleased: (party: Organisation, released: Released, rule: MustHold) => void;
  },
): LedgerState {
  const state = new LedgerState();
  for (const record of world.records) state.apply(record);
  for (const job of state.jobs()) for (const party of world.play.parties) checkJob(world, nodes, { ...of, job, party });
  return state;
}

function checkJob(
  world: World,
  nodes: Nodes,
  of: Parameters<typeof checkJobs>[2] & { readonly job: Readonly<JobState>; readonly party: Organisation },
): void {
  const { job, party, allowed, checkReleased } = of;
  const results = [...nodes[party].results.rows].filter(([place]) => place.startsWith(job.job));
  const released = results[0]?.[1];
  const said = job.released.filter(({ organisation }) => organisation === party);
  const rule: MustHold = (holds, what) => {
    if (!holds) world.violation(`${job.job} at ${party}: ${what}`);
  };
  const ended = nodes[party].jobs.rows.get(job.job)?.status;
  rule(ended === job.status, `the job is ${ended} at this node, and ${job.status} on the ledger`);
  rule(nodes[party].disk.namesIn(job.job).length === 0, 'files of an ended job are left on the disk');
  if (job.status === 'finished') {
    rule(results.length === 1, `the job has finished, and ${results.length} results were released`);
    rule(said.length === 1 && said[0]!.digest === released?.digest, 'the release does not stand on the ledger once');
    rule(released?.outcome === job.outcome, 'the outcome released is not the one on the ledger');
    if (released) checkReleased(party, released, rule);
    return;
  }
  rule(job.status === 'failed', `the job is ${job.status}`);
  rule(released === undefined && said.length === 0, 'the job has failed, and something was released');
  const failure = job.failures[0];
  rule(
    failure !== undefined && allowed.has(failure.code),
    `failed with ${failure?.code}, which nothing in this run explains`,
  );
  const own = job.failures.find(({ organisation }) => organisation === party);
  rule(own !== undefined, 'the failure was not told by this side');
  if (job.failures.every(({ exchanged }) => !exchanged)) world.sometimes('a use came back');
  rule(own?.exchanged !== false || !nodes[party].sent.has(job.job), 'said that nothing was exchanged, and sent');
}

/** Codes that the run itself explains, whatever is run. */
export function explainedFailures(world: World, nodes: Nodes, { silentMs }: Injected): Set<string> {
  const allowed = new Set<string>();
  for (const party of world.play.parties) for (const code of nodes[party].disk.faultsMet) allowed.add(code);
  for (const { entry } of world.records)
    if (entry.type === 'job.failed' && entry.body.code === 'cancelled') allowed.add('cancelled');
  if (silentMs >= silenceMs / 2) allowed.add('partner-silent');
  return allowed;
}

export function noteJobRarities(world: World, nodes: Nodes): void {
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
