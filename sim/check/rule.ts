import type { SimulatedNode } from '../node/simulated-node.ts';
import type { Organisation } from '../scenario/organisations.ts';

export type Nodes = Readonly<Record<Organisation, SimulatedNode>>;

/** What was done to a run, as far as a job may fail for it. */
export interface Injected {
  /** Time during which somebody could not reach somebody, or was down. */
  readonly silentMs: number;
}

/** Something that has to hold, and what it means where it does not. */
export type MustHold = (holds: boolean, what: string) => void;
