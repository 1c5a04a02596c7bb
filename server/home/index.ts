/** A node's home folder: who it is, where it listens, its keys. Loads nothing of what runs the node. */
export { claimHome } from './claim.ts';
export { type Home, type HomeConfig, type InitOptions, initHome, openHome } from './home.ts';
export { NodeError } from './node-error.ts';
export { forgetRestored, markRestored, type Restored, readRestored } from './restored.ts';
export { copyWhole, eraseWhole, writeWhole } from './write-whole.ts';
