/** A PostgreSQL server of its own for a test file, in a temporary folder, and a fresh set of tables for each test that asks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureDatabase, type OpenDatabase, openDatabase } from './database.ts';
import { startEmbedded } from './embedded/index.ts';
import { migrate } from './migrate.ts';
import { Store } from './store.ts';

export interface TestServer {
  readonly url: string;
  /** An empty schema. */
  schema(): Promise<OpenDatabase>;
  /** A store on tables of its own. */
  store(): Promise<Store & { readonly database: OpenDatabase }>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-store-'));
  const server = await startEmbedded({ folder });
  await ensureDatabase(server.url);
  await commitWithoutWaiting(server.url);
  const open: OpenDatabase[] = [];
  const schema = async () => {
    const database = await openDatabase({ url: server.url, schema: `test${open.length}`, connectionsMax: 4 });
    open.push(database);
    return database;
  };
  return {
    url: server.url,
    schema,
    store: async () => {
      const database = await schema();
      await migrate(database, 0);
      return Object.assign(new Store(database.db), { database });
    },
    close: async () => {
      await Promise.all(open.map((database) => database.close()));
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** These tests are about what is stored, not about a disk that loses power; embedded.test.ts holds the server's own settings. */
async function commitWithoutWaiting(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER ROLE CURRENT_USER SET synchronous_commit = off');
  await client.end();
}
