/** What every protocol shares: how a run is bound, how a hostile peer is named. */

export type { Learned, Received, ReceivedBytes, ReceivedRows, SideDisclosure } from './disclosure.ts';
export { type Learns, type MatchProtocol, matchProtocols, type RunBinding, type Side } from './party.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
