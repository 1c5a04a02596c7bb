/** Record 0: it makes the network, names its operator, and carries the key that signs every head. */
import { base64ToBytes, equalBytes } from '../bytes/index.ts';
import { LedgerError } from './error.ts';
import type { LogIdentity } from './head.ts';
import { decodeRecord } from './record.ts';

/**
 * Who a log is, by its first record.
 * @param operatorKey what the caller knows to be the operator's key; without it the record is believed.
 * @throws {LedgerError} `wrong-network` where the record makes no network, or makes it under another key; `malformed-record`.
 */
export function genesisOf(leaf: Uint8Array, operatorKey?: Uint8Array): LogIdentity {
  const { entry } = decodeRecord(leaf);
  if (entry.type !== 'network.created')
    throw new LedgerError('wrong-network', 'record 0 does not make a network', { index: 0 });
  const log = {
    network: entry.network,
    operator: entry.author,
    operatorKey: base64ToBytes(entry.body.operator.identityKey),
  };
  if (operatorKey && !equalBytes(log.operatorKey, operatorKey)) {
    throw new LedgerError('wrong-network', `record 0 names another key of ${log.operator} than the known one`, {
      index: 0,
    });
  }
  return log;
}

/** @throws {LedgerError} `wrong-network` unless the record makes this log. */
export function checkGenesis(leaf: Uint8Array, log: LogIdentity): void {
  const made = genesisOf(leaf, log.operatorKey);
  if (made.network === log.network && made.operator === log.operator) return;
  throw new LedgerError('wrong-network', `record 0 does not make ${log.network} of ${log.operator}`, { index: 0 });
}
