/** The links between nodes: one pinned TLS connection to each partner, carrying calls and channels in both directions. */

export { type LinkClock, systemClock } from './clock.ts';
export { LinkError, type LinkErrorCode, type PeerFailure } from './error.ts';
export {
  type CallHandler,
  CallRefused,
  type Channel,
  type Link,
  type LinkState,
  type LinkStatus,
  type Links,
} from './link.ts';
export { type MemoryNetwork, type MemoryNetworkOptions, memoryNetwork } from './memory.ts';
