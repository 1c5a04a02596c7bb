/** One organisation's node: everything that `causeway up` starts, in the order in which it depends on each other, and stops in reverse. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { roles } from '@causeway/core/api';
import { frameBytesMax } from '@causeway/core/applications/guest';
import { kernelNamed, openKernels, systemRandom } from '@causeway/native';
import { Engine } from '../engine/index.ts';
import { GuestLinks } from '../guests/index.ts';
import { claimHome, forgetRestored, type Home, openHome, readRestored } from '../home/index.ts';
import { Accounts, PasswordHasher, readSettings, startApi } from '../http/index.ts';
import { Capacities } from '../jobs/match/capacities.ts';
import { openLinks, systemClock } from '../link/index.ts';
import { createLog, type NodeLog } from '../observe/index.ts';
import { RoomAudiences, Rooms } from '../rooms/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { ActivateAgreements } from './activate-agreements.ts';
import { ActivateJobs } from './activate-jobs.ts';
import { Agreements } from './agreements.ts';
import { Backups } from './backups.ts';
import { Decisions } from './decisions.ts';
import { DeliverAgreements } from './deliver-agreements.ts';
import { DeliverJobs } from './deliver-jobs.ts';
import { Exports } from './exports.ts';
import { GuestAgreements } from './guest-agreements.ts';
import { GuestInvites } from './guest-invites.ts';
import { GuestJobs } from './guest-jobs.ts';
import { GuestVisits } from './guest-visits.ts';
import { activationHandlers } from './handlers/activations.ts';
import { agreementHandlers } from './handlers/agreements.ts';
import { audienceHandlers } from './handlers/audiences.ts';
import { backupHandlers } from './handlers/backup.ts';
import { budgetHandlers } from './handlers/budgets.ts';
import { datasetHandlers } from './handlers/datasets.ts';
import { guestHandlers } from './handlers/guests.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { networkHandlers } from './handlers/network.ts';
import { operationHandlers } from './handlers/operations.ts';
import { publicationHandlers } from './handlers/publications.ts';
import { roomHandlers } from './handlers/rooms.ts';
import { statusHandlers } from './handlers/status.ts';
import { templateHandlers } from './handlers/templates.ts';
import { uploadHandlers } from './handlers/uploads.ts';
import { InsightAgreements } from './insight-agreements.ts';
import { InsightJobs } from './insight-jobs.ts';
import { Invites } from './invites.ts';
import { Jobs } from './jobs.ts';
import { LocalOperations } from './local-operations.ts';
import { MatchAgreements } from './match-agreements.ts';
import { MatchJobs } from './match-jobs.ts';
import { Network } from './network.ts';
import { OpjaKeys } from './opja-keys.ts';
import { OprfTables } from './oprf-tables.ts';
import { PartnerStages } from './partner-stages.ts';
import { Verdicts } from './partner-verdicts.ts';
import { PrivacyAccount, privacyFacts } from './privacy-account.ts';
import { ReceivedAudiences } from './received-audiences.ts';
import { endRestoredJobs } from './restored-jobs.ts';
import { RoomAgreements } from './room-agreements.ts';
import { RoomJobs } from './room-jobs.ts';
import type { Services } from './services.ts';
import { Uploads } from './uploads.ts';
import { softwareVersion } from './version.ts';

export interface NodeOptions {
  readonly home: string;
  /** A PostgreSQL server to use instead of the node's own. */
  readonly databaseUrl?: string | undefined;
  /** The kernel to run on, by its name; by default the fastest that this machine has. */
  readonly kernel?: string | undefined;
  /** What goes to stderr beside the log file. */
  readonly stderrLevel?: 'info' | 'warn' | 'error' | 'silent';
  /** Called when somebody asks the node to stop through its API. */
  readonly onStopRequest?: () => void;
}

export interface RunningNode {
  readonly home: Home;
  /** Where the local API answers. */
  readonly url: string;
  /** Where partners reach this node, if it listens. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  close(): Promise<void>;
}

/** Starts the node of a home. Resolves when its API answers. @throws {NodeError} `already-running`, and what its parts throw. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const home = await openHome(options.home);
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return await start(home, options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  home: Home,
  options: NodeOptions,
  closing: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<RunningNode> {
  const { config, keys, folder } = home;
  const clock = systemClock;
  closing.push(await claimHome(folder));
  const log: NodeLog = createLog({
    home: folder,
    stderrLevel: options.stderrLevel ?? 'warn',
    now: () => clock.wallMs(),
  });
  closing.push(async () => log.close());
  const database = await openStore({ home: folder, databaseUrl: options.databaseUrl, nowMs: clock.wallMs() });
  closing.push(() => database.close());
  const { store } = database;
  const engine = new Engine({ spillFolder: join(folder, 'spill') });
  closing.push(() => engine.close());
  const kernels = await openKernels({ kernel: kernelNamed(options.kernel) });
  closing.push(() => kernels.close());
  const { kernel, vole, sums } = kernels;

  const network = new Network({ home, store, clock, log });
  const invites = new Invites({ home, store, clock, network });
  const links = await openLinks({
    identity: { organisation: config.organisation, ...keys.certificate },
    members: () => network.members(),
    ...(config.listen ? { listen: hostPort(config.listen) } : {}),
    allowPrivateAddresses: config.allowPrivateAddresses,
    onJoin: (application) => invites.admit(application),
    onEvent: ({ kind, peer, detail, code, error }) => {
      const fields = { kind, peer, detail, code, ...(error === undefined ? {} : { error }) };
      if (kind === 'handler-failed') log.error('an answer to a partner failed', fields);
      else log.info('link', fields);
    },
  });
  closing.push(() => links.close());

  const services: Services = {
    home,
    software: softwareVersion,
    startedAtMs: clock.wallMs(),
    store,
    database,
    engine,
    kernel,
    vole,
    sums,
    links,
    clock,
    random: systemRandom,
    log,
    network,
    capacities: new Capacities({ links, kernel, random: systemRandom, clock }),
    settings: () => readSettings(store),
    doctor: async (peer) => [...(await links.diagnose(peer))],
    stop: () => options.onStopRequest?.(),
  };
  const operations = new LocalOperations({ store, clock, log });
  await operations.open();
  closing.push(() => operations.close());
  const backups = new Backups(services, operations);
  const uploads = new Uploads({
    folder: join(folder, 'uploads'),
    clock,
    log,
    bytesMax: async () => (await services.settings()).uploadBytesMax,
  });
  await uploads.open();
  closing.push(async () => uploads.close());
  const exports = new Exports({ folder: join(folder, 'exports'), clock, log });
  await exports.open();
  closing.push(() => exports.close());
  const matches = new MatchAgreements(services);
  const privacy = new PrivacyAccount(privacyFacts(services));
  const insights = new InsightAgreements(services, privacy);
  const deliveries = new DeliverAgreements(services);
  const activations = new ActivateAgreements(services);
  const opjaKeys = new OpjaKeys(services);
  const roomAgreements = new RoomAgreements(services, privacy);
  const guestAgreements = new GuestAgreements(services);
  const agreements = new Agreements(services, {
    match: matches,
    insight: insights,
    room: roomAgreements,
    deliver: deliveries,
    activate: activations,
    guest: guestAgreements,
  });
  const decisions = new Decisions(services);
  const verdicts = new Verdicts(services, agreements);
  const tables = new OprfTables(services);
  await tables.open();
  const guestLinks = new GuestLinks();
  const jobs = new Jobs(services, agreements, {
    match: new MatchJobs(services, { rules: matches, tables }),
    insight: new InsightJobs(services, insights),
    room: new RoomJobs(services, roomAgreements, privacy),
    deliver: new DeliverJobs(services, deliveries),
    activate: new ActivateJobs(services, activations, opjaKeys),
    guest: new GuestJobs(services, { agreements: guestAgreements, links: guestLinks, tables }),
  });
  const guestInvites = new GuestInvites(services);
  const guestVisits = new GuestVisits(services, { invites: guestInvites, agreements, jobs, links: guestLinks });
  const partnerStages = new PartnerStages(services);
  const rooms = new Rooms(services);
  const roomAudiences = new RoomAudiences(services, rooms);
  const receivedAudiences = new ReceivedAudiences(services, roomAudiences);
  const restored = await readRestored(folder);
  if (restored) {
    log.warn('this home was restored from a backup', {});
    await network.distrustOwnCopy();
  }
  await network.open(links);
  closing.push(() => network.close());
  if (restored) {
    await endRestoredJobs(services);
    await forgetRestored(folder);
  }
  await jobs.open();
  closing.push(() => jobs.close());
  rooms.open();
  closing.push(() => rooms.close());
  links.refresh();

  const { host, port } = hostPort(config.api);
  const account = {
    store,
    now: () => clock.wallMs(),
    random: (length: number) => new Uint8Array(randomBytes(length)),
    hasher: new PasswordHasher(),
  };
  await ensureAdmin(home, new Accounts(account), store);
  const api = await startApi({
    ...account,
    log,
    version: softwareVersion,
    consoleFolder: fileURLToPath(new URL('../../console/dist', import.meta.url)),
    host,
    port,
    handlers: {
      ...statusHandlers(services),
      ...networkHandlers(services, invites),
      ...backupHandlers(services, backups),
      ...datasetHandlers(services, operations, { backups, tables, uploads }),
      ...publicationHandlers(services),
      ...uploadHandlers(uploads),
      ...operationHandlers(services, operations),
      ...agreementHandlers(
        services,
        agreements,
        { decisions, verdicts },
        {
          match: matches,
          insight: insights,
          room: roomAgreements,
          deliver: deliveries,
          activate: activations,
        },
      ),
      ...templateHandlers(services),
      ...budgetHandlers(services, privacy),
      ...roomHandlers(services, { rooms, audiences: roomAudiences, received: receivedAudiences }),
      ...jobHandlers(services, jobs, partnerStages),
      ...audienceHandlers(services, { operations, exports }),
      ...activationHandlers(services, operations, opjaKeys),
      ...guestHandlers(guestInvites, guestVisits),
      ...ledgerHandlers(services),
    },
    guests: {
      attach: (session) => guestVisits.attach(session),
      linkOf: (session) => guestVisits.linkOf(session),
      frameBytesMax,
    },
  });
  closing.push(() => api.close());
  log.info('the node is up', { port: api.port, version: softwareVersion, kernel: kernel.name });
  return { home, url: api.url, address: links.address, close };
}

/** The first user, with a token beside the configuration: the person who owns the folder owns the node. */
async function ensureAdmin(home: Home, accounts: Accounts, store: Store): Promise<void> {
  const file = join(home.folder, 'admin.token');
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present !== undefined) return;
  const existing = await store.users.byName('admin');
  const user = existing ?? (await accounts.createUser({ name: 'admin', roles: [...roles] }));
  const { secret } = await accounts.createToken({ userId: user.id, name: 'command line' });
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
}

function hostPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}
