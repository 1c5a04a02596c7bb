/** Two roles with small numbers, for tests of what they refuse. */
import { BatchKernel } from '../../../group/index.ts';
import { SeededRandom } from '../../../random/index.ts';
import { type ClientOptions, OprfClient } from '../client.ts';
import { keyOf } from '../evaluation.ts';
import type { EarlierVersion } from '../messages.ts';
import { runId, type Table } from '../parameters.ts';
import { OprfServer, type ServerOptions } from '../server.ts';

export const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
export const run: Uint8Array = runId(binding);
export const plan: Uint8Array = new Uint8Array(32).fill(1);

export function clientOptions(changes: Partial<ClientOptions> = {}): ClientOptions {
  return {
    run,
    plan,
    side: 'proposer',
    own: { count: 3, root: new Uint8Array(32).fill(2), kernel: 'wasm' },
    peerCount: { min: 1, max: 100 },
    ...changes,
  };
}

const someKey = keyOf(new BatchKernel().randomScalar(new SeededRandom('some key')));
export const someTable: Table = {
  epoch: 3,
  version: 2,
  placeBits: 3,
  evaluationBits: 10,
  rows: 5,
  publicKey: someKey.publicKey,
  root: new Uint8Array(32).fill(3),
};
export const before: EarlierVersion = { rows: 4, root: new Uint8Array(32).fill(9), added: 2, removed: 1 };

export function serverOptions(changes: Partial<ServerOptions> = {}): ServerOptions {
  return {
    run,
    plan,
    side: 'partner',
    own: { table: someTable, earlier: [before], kernel: 'wasm' },
    peerCount: { min: 1, max: 100 },
    ...changes,
  };
}

/** Two sides that have said hello, and a client that has pinned the key. */
export function introduced(of: { client?: Partial<ClientOptions>; server?: Partial<ServerOptions> } = {}): {
  client: OprfClient;
  server: OprfServer;
} {
  const client = new OprfClient(clientOptions(of.client));
  const server = new OprfServer(serverOptions(of.server));
  server.receive(client.hello());
  client.receive(server.hello());
  client.pin(client.server.table);
  return { client, server };
}
