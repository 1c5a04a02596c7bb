/** What the organisations of a run do together, a match or a room, as the simulation needs to know it. */
import type { Bodies } from '@causeway/core/ledger';
import type { WorkFolder } from '@causeway/server/jobs/work';
import type { Injected, Nodes } from '../check/rule.ts';
import type { Organisation } from '../scenario/organisations.ts';
import type { Setting } from '../scenario/setting.ts';
import type { World } from '../world/world.ts';
import type { Life } from './life.ts';
import type { SimulatedNode } from './simulated-node.ts';

export interface Play {
  readonly setting: Setting;
  /** As it stands on the ledger before the run: proposed by the first party, signed by all. */
  readonly proposal: Bodies['agreement.proposed'];
  /** Who runs its jobs. */
  readonly parties: readonly Organisation[];
  /** Until when it takes in any case to come to rest: an agreement may end by its date. */
  readonly endsByMs: number;
  /** What people ask of the nodes in the course of the run. */
  ask(world: World, nodes: Nodes): void;
  /** One attempt at a job at a node. @throws what the job does. */
  attempt(life: Life, job: string, of: { readonly folder: WorkFolder; readonly signal: AbortSignal }): Promise<unknown>;
  /** A node comes back to a job that was under way: how far had it come? */
  noteResumption(node: SimulatedNode, job: string): void;
  /** What a node does beside its jobs, in each of its lives. */
  begin(life: Life): Errand;
  /** Makes what a node gives out fail so many times. */
  failReleases(node: SimulatedNode, failureCount: number): void;
  /** Whether everything that was asked beside jobs is done. */
  isDone(nodes: Nodes): boolean;
  /** Reports every rule that the run has broken to its world. */
  check(world: World, nodes: Nodes, injected: Injected): void;
}

/** Something that a node does in the background. */
export interface Errand {
  /** The node stops: resolves when nothing of it is under way. */
  stop(): Promise<void>;
}
