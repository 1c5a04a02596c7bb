/** The links between nodes: one pinned TLS connection to each partner, carrying calls and channels in both directions. */

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
