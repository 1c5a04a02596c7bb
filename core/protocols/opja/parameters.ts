/** What makes psi/ecdh the join of OPJA between two nodes: both scalars are of one run, and so is the hash. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../bytes/index.ts';
import { bindingBytes, type RunBinding } from '../party.ts';

/** How a label key follows from HPKE, as terms name it: Export(info, 16) with info = the matching system's name, as the Tech Lab's Go code has it. */
export const opjaDerivation = 'hpke-auth/export/1';
/** Domain separation of hash-to-group (RFC 9380 §3.1). */
export const hashToGroupDst: Uint8Array = utf8ToBytes('causeway/v1/opja/h2g');

/** @returns the 32 bytes that name this exchange on the wire. */
export function runId(binding: RunBinding): Uint8Array {
  return sha256(concatBytes(utf8ToBytes('causeway/v1/opja/run'), bindingBytes(binding)));
}

/** @returns what stands before each match key in the hash input, so that equal ids in two runs give unrelated points. */
export function hashPrefix(binding: RunBinding): Uint8Array {
  return bindingBytes(binding);
}
