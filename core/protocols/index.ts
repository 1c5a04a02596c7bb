/** What every protocol shares: how a run is bound, how a hostile peer is named. */

export type { Learned, Received, SideDisclosure } from './disclosure.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
