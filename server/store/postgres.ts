import { join } from 'node:path';
import { ensureDatabase, type OpenDatabase, openDatabase } from './database.ts';
import { type CopyTarget, type EmbeddedPostgres, type EmbeddedState, startEmbedded } from './embedded/index.ts';
import { migrate } from './migrate.ts';
import { Store } from './store.ts';

export interface PostgresOptions {
  /** The node's folder; its own server lives in `<home>/database`. */
  readonly home: string;
  /** A server to use instead of the node's own, such as DATABASE_URL. */
  readonly databaseUrl?: string | undefined;
  readonly nowMs: number;
  readonly onState?: (state: EmbeddedState, detail: string) => void;
  readonly readyTimeoutMs?: number;
}

export interface OpenStore {
  readonly store: Store;
  readonly database: OpenDatabase;
  /** For other users of the same server, such as the job queue. Holds the password: never to be logged. */
  readonly url: string;
  readonly kind: 'embedded' | 'external';
  readonly version: string;
  state(): EmbeddedState;
  /** Copies the node's own database as it runs; undefined where the server is another one. */
  readonly copyTo: ((target: CopyTarget) => Promise<void>) | undefined;
  /** Ends the connections, and stops the server where it is the node's own. */
  close(): Promise<void>;
}

/**
 * The node's database, ready for use: server up, tables of this release.
 * @throws {StoreError} with what is in the way, and what to do.
 */
export async function openStore(options: PostgresOptions): Promise<OpenStore> {
  const embedded = options.databaseUrl === undefined ? await startOwn(options) : undefined;
  const url = embedded?.url ?? options.databaseUrl!;
  let database: OpenDatabase | undefined;
  try {
    if (embedded !== undefined) await ensureDatabase(url);
    database = await openDatabase({
      url,
      ...(options.readyTimeoutMs === undefined ? {} : { readyTimeoutMs: options.readyTimeoutMs }),
    });
    await migrate(database, options.nowMs);
  } catch (error) {
    await database?.close();
    await embedded?.close();
    throw error;
  }
  const { db, version } = database;
  return {
    store: new Store(db),
    database,
    url,
    kind: embedded === undefined ? 'external' : 'embedded',
    version,
    state: () => embedded?.state ?? 'up',
    copyTo: embedded && ((target) => embedded.copyTo(target)),
    close: async () => {
      await db.destroy();
      await embedded?.close();
    },
  };
}

function startOwn(options: PostgresOptions): Promise<EmbeddedPostgres> {
  return startEmbedded({
    folder: join(options.home, 'database'),
    ...(options.onState === undefined ? {} : { onState: options.onState }),
    ...(options.readyTimeoutMs === undefined ? {} : { readyTimeoutMs: options.readyTimeoutMs }),
  });
}
