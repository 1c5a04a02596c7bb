/** A node, from its home folder to its API. */
export { type NodeOptions, type RunningNode, startNode } from './node.ts';
export { softwareVersion } from './version.ts';
