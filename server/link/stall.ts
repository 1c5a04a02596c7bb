import type { TLSSocket } from 'node:tls';
import type { LinkClock } from './clock.ts';

const LOOK_MS = 500;

/**
 * Makes the end of a connection known where a write was under way. HTTP/2 stops reading the socket for as long as it writes, and under
 * TLS a write that fails then is never reported (Node 24): the connection would hang until the keep-alive ends it. So where nothing
 * has moved for a while, the socket is read again; that brings the error, or nothing.
 * @returns what stops it.
 */
export function watchForStall(socket: TLSSocket, clock: LinkClock): () => void {
  let seenBytes = -1;
  let cancel = () => {};
  const look = () => {
    const movedBytes = socket.bytesRead + socket.bytesWritten;
    // No public call restarts reading: `resume` trusts a flag that HTTP/2 does not keep. Absent elsewhere, the keep-alive remains.
    const handle = (socket as { _handle?: { readStart?: () => number } | null })._handle;
    if (movedBytes === seenBytes) handle?.readStart?.();
    seenBytes = movedBytes;
    cancel = clock.after(LOOK_MS, look);
  };
  cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
