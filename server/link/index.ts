/** The links between nodes: one pinned TLS connection to each partner, carrying calls and channels in both directions. */

export { isLoopback, type Resolver } from './address.ts';
export { type LinkClock, systemClock } from './clock.ts';
export { connectDirect, type DirectLink, type DirectListener, type DirectOptions, listenDirect } from './direct.ts';
export type { Check, CheckName } from './doctor.ts';
export { LinkError, type LinkErrorCode, type PeerFailure } from './error.ts';
export type { SessionEvent } from './events.ts';
// The state machine itself, for simulations on a clock of their own.
export { decodeFrame, encodeFrame, type Frame } from './frame.ts';
export {
  decodeInvite,
  encodeInvite,
  INVITE_SECRET_BYTES,
  type Invite,
  type InviteProof,
  isInviteProven,
  proveInvite,
} from './invite.ts';
export { joinByInvite } from './join.ts';
export {
  type CallHandler,
  CallRefused,
  type Channel,
  type Link,
  type LinkEvent,
  type LinkState,
  type LinkStatus,
  type Links,
} from './link.ts';
export { type MemoryNetwork, type MemoryNetworkOptions, memoryNetwork } from './memory.ts';
export { type JoinApplication, type LinksOptions, type NodeLinks, openLinks } from './node-links.ts';
export type { Member } from './partner.ts';
export { Session, type SessionOptions } from './session.ts';
export { type SimulatedFaults, type SimulatedLoad, type SimulationResult, simulateSession } from './simulation.ts';
export type { NodeIdentity } from './transport.ts';
