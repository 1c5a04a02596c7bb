/** Who plays in the demo, and the nodes that they run: made, started, stopped. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Client, createClient } from '@causeway/sdk';
import type { Cli } from '../cli.ts';
import { runningPid, startInBackground, stopProcess } from '../node/background.ts';

/** `operator` runs the network and sees no data; the other two match. */
export type Role = 'operator' | 'advertiser' | 'media';

export interface Player {
  readonly role: Role;
  readonly organisation: string;
  readonly name: string;
  readonly home: string;
  /** `host:port` of its API. */
  readonly api: string;
}

export type Cast = Readonly<Record<Role, Player>>;
export type Apis = Readonly<Record<Role, Client>>;

const named: Readonly<Record<Role, { readonly organisation: string; readonly name: string }>> = {
  operator: { organisation: 'harbour', name: 'Harbour Marketing Association' },
  advertiser: { organisation: 'aurora', name: 'Aurora Motors' },
  media: { organisation: 'borealis', name: '北极光传媒' },
};

/** Makes a home for each, on ports that are free now. */
export async function makeCast(folder: string): Promise<Cast> {
  const { initHome } = await import('@causeway/server/home');
  const ports = await freePorts(6);
  const make = async (role: Role): Promise<Player> => {
    const { organisation, name } = named[role];
    const home = join(folder, organisation);
    const address = () => `127.0.0.1:${ports.pop()}`;
    const api = address();
    await initHome({ home, org: name, organisation, api, listen: address(), nowMs: Date.now() });
    return { role, organisation, name, home, api };
  };
  return { operator: await make('operator'), advertiser: await make('advertiser'), media: await make('media') };
}

/** Starts all nodes, and waits for each of them also where one fails: what is started can then be stopped. */
export async function startCast(cli: Cli, { operator, advertiser, media }: Cast): Promise<Apis> {
  const starting = [operator, advertiser, media].map((player) => startPlayer(cli, player));
  await Promise.allSettled(starting);
  const [first, second, third] = await Promise.all(starting);
  return { operator: first as Client, advertiser: second as Client, media: third as Client };
}

/** Starts one node. @returns its API with all rights, as its owner has. */
async function startPlayer(cli: Cli, player: Player): Promise<Client> {
  // An outer database is for one node; each of these has its own.
  const { DATABASE_URL: _, ...env } = cli.terminal.env;
  await startInBackground({ ...cli, terminal: { ...cli.terminal, env } }, player);
  const token = (await readFile(join(player.home, 'admin.token'), 'utf8')).trim();
  return createClient({ url: `http://${player.api}`, token });
}

/** Ends the node and its database, however it stands. */
export async function stopPlayer(cli: Cli, { home }: Player): Promise<void> {
  const pid = await runningPid(home);
  if (pid !== undefined) {
    await stopProcess(cli, pid).catch(() => process.kill(pid, 'SIGKILL'));
  }
  const { stopEmbedded } = await import('@causeway/server/store');
  await stopEmbedded(join(home, 'database'));
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A user for the console, with a password of 96 random bits. */
export async function makeLogin(client: Client): Promise<Login> {
  const login = { user: 'demo', password: randomBytes(12).toString('base64url') };
  await client.user.create({
    name: login.user,
    password: login.password,
    roles: ['admin', 'steward', 'analyst', 'approver', 'auditor'],
  });
  return login;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map((server) => {
      const { port } = server.address() as { port: number };
      return new Promise<number>((resolve) => server.close(() => resolve(port)));
    }),
  );
}
