/** Sends a file to the node in pieces, and goes on where it was: after a broken connection, a node that was stopped, a page that was closed. */
import { type ResponseOf, uploadPieceBytes } from '@causeway/core/api';
import { bytesToHex } from '@causeway/core/bytes';
import { ApiError, type Client } from '@causeway/sdk';

export type Upload = ResponseOf<'upload.begin'>;

/** What of a browser's `File` is needed. */
export interface SentFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface SendProgress {
  readonly sent: number;
  /** The node does not answer now, and is asked again. */
  readonly isWaiting: boolean;
}

type Uploads = Client['upload'];

/** Waits between two tries while the node does not answer; the last one is repeated. */
const waitsMs = [500, 1000, 2000, 4000, 8000] as const;
/** So long a node may be away, some minutes, before the person is asked. */
const triesMax = 40;
/** Of the beginning and of the end of a file: with name, size and time of the last change enough to know it again. */
const edgeBytes = 64 * 1024;

/** What a file is known by when somebody chooses it again. SHA-256 in hexadecimal. */
export async function fingerprintOf(file: SentFile): Promise<string> {
  const { name, size, lastModified } = file;
  const edges = [
    await file.slice(0, Math.min(edgeBytes, size)).arrayBuffer(),
    await file.slice(Math.max(0, size - edgeBytes), size).arrayBuffer(),
  ];
  const about = new TextEncoder().encode(JSON.stringify([name, size, lastModified]));
  const all = [about, ...edges.map((edge) => new Uint8Array(edge))];
  const joined = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return sha256Of(joined);
}

/**
 * @returns the upload when all of it is there.
 * @throws {ApiError} what the node refuses; `unreachable` when it was away for too long. What was sent stays, and can be gone on with.
 */
export async function sendFile(of: {
  readonly uploads: Pick<Uploads, 'begin' | 'put' | 'list'>;
  readonly file: SentFile;
  readonly onProgress: (progress: SendProgress) => void;
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Promise<Upload> {
  const { uploads, file, onProgress, signal, wait } = of;
  const fingerprint = await fingerprintOf(file);
  let upload: Upload | undefined;
  for (let failures = 0; ; ) {
    try {
      upload ??= await beginOrGoOn(uploads, file, fingerprint, signal);
      onProgress({ sent: upload.received, isWaiting: false });
      if (upload.received >= upload.bytes) return upload;
      upload = await sendPiece(uploads, file, upload, signal);
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !isWorthAnotherTry(error) || failures >= triesMax) throw error;
      onProgress({ sent: upload?.received ?? 0, isWaiting: true });
      await wait(waitsMs[Math.min(failures, waitsMs.length - 1)]!, signal);
      signal.throwIfAborted();
      failures += 1;
      // What the node has now, it says itself: it may have been stopped in the middle of a piece.
      upload = undefined;
    }
  }
}

/** An upload of the same file is gone on with: its pieces are there already. */
async function beginOrGoOn(
  uploads: Pick<Uploads, 'begin' | 'list'>,
  file: SentFile,
  fingerprint: string,
  signal: AbortSignal,
): Promise<Upload> {
  const { items } = await uploads.list({}, { signal });
  const known = items.find((one) => one.fingerprint === fingerprint && one.bytes === file.size);
  return known ?? uploads.begin({ name: file.name, bytes: file.size, fingerprint }, { signal });
}

async function sendPiece(
  uploads: Pick<Uploads, 'put'>,
  file: SentFile,
  { id, received, bytes: total }: Upload,
  signal: AbortSignal,
): Promise<Upload> {
  const to = Math.min(total, received + uploadPieceBytes);
  const bytes = new Uint8Array(await file.slice(received, to).arrayBuffer());
  const piece = String(received / uploadPieceBytes);
  return uploads.put({ upload: id, piece, digest: await sha256Of(bytes), bytes }, { signal });
}

/**
 * By the browser's own code, which it lends to pages of this machine and of TLS alone (W3C Secure Contexts).
 * @throws what a person is told where the page came another way.
 */
async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Types promise it everywhere.
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) {
    throw {
      code: 'insecure-page',
      detail: 'The browser checks no files for pages that came over the network without TLS.',
      remedy: 'Open the console on the node’s own machine or over HTTPS, or name the file’s path there.',
    };
  }
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
}

/** A node that was away, is starting, or has another piece in hand from another tab. */
function isWorthAnotherTry({ code }: ApiError): boolean {
  return ['unreachable', 'unavailable', 'database-down', 'piece-out-of-order', 'not-found'].includes(code);
}
