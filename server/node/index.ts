/** A node, from its home folder to its API. */
export { type Home, type HomeConfig, type InitOptions, initHome, openHome } from './home.ts';
export { type NodeOptions, type RunningNode, startNode } from './node.ts';
export { NodeError } from './node-error.ts';
export { softwareVersion } from './version.ts';
