/** Both roles of psi/vole in one process, for tests and measurements. */
export { type Played, type Player, type PlayOptions, playBoth } from './both-roles.ts';
export { DealerKernel, type DealerOptions } from './dealer.ts';
export { MemoryList } from './memory-list.ts';
