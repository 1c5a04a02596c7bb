/**
 * Does what a document tells a person to do: its commands in order, in one empty folder, with what the earlier ones printed put in the place
 * of INVITE, AGREEMENT, JOB and AUDIENCE. Ports are exchanged for free ones.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './markdown.ts';

export interface Ended {
  readonly command: string;
  readonly code: number | null;
  readonly output: string;
}

/** What the commands print, and where in a later command it belongs. */
const remembered: readonly (readonly [placeholder: string, printed: RegExp])[] = [
  ['INVITE', /^causeway:\S+$/m],
  ['AGREEMENT', /^Agreement +([0-9a-f]{64})$/m],
  ['JOB', /\b(job-[0-9a-f]{20})\b/],
  ['AUDIENCE', /\b(aud-[0-9a-f]{20})\b/],
];

/** For a loaded machine: a command that hangs is ended. */
const commandTimeoutMs = 180_000;

export class Session {
  readonly folder: string;
  readonly #known = new Map<string, string>();
  readonly #ports = new Map<string, number>();
  readonly #running: { readonly child: ChildProcess; readonly ended: Promise<Ended> }[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Session> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-snippets-'));
    // `npx causeway` and imports find the project from here, as they do in a checkout.
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    return new Session(folder);
  }

  /** Runs one command to its end; one that waits for a partner goes on beside, and has printed its invite. */
  async run(command: string): Promise<Ended> {
    const line = await this.#filled(command);
    // `npx` asks npm first, which takes a second; the program is the same.
    const { child, ended, said } = this.#start('bash', ['-c', line.replace(/^npx /, '')], command);
    if (!/ match --listen /.test(line)) {
      const end = await ended;
      this.#remember(end.output);
      return end;
    }
    this.#running.push({ child, ended });
    const invite = await Promise.race([said(/^causeway:\S+$/m), ended]);
    if (typeof invite !== 'string') return invite;
    this.#remember(invite);
    return { command, code: 0, output: invite };
  }

  /** Runs TypeScript as a file of the folder. */
  async runScript(text: string): Promise<Ended> {
    const path = join(this.folder, 'snippet.ts');
    await writeFile(path, await this.#filled(text));
    return this.#start(process.execPath, [path], 'snippet.ts').ended;
  }

  /** The ends of the commands that waited for a partner. */
  async rest(): Promise<readonly Ended[]> {
    return Promise.all(this.#running.splice(0).map(({ ended }) => ended));
  }

  /** Ends whatever still runs, and removes the folder. */
  async close(): Promise<void> {
    for (const { child } of this.#running) child.kill('SIGKILL');
    for (const name of readdirSync(this.folder)) {
      if (!existsSync(join(this.folder, name, 'node.pid'))) continue;
      await this.#start('causeway', ['down', '--home', name], 'down').ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  #start(program: string, args: readonly string[], command: string) {
    const { DATABASE_URL: _, CAUSEWAY_HOME: __, ...env } = process.env;
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...env, PATH: `${join(projectRoot, 'node_modules/.bin')}:${env.PATH}`, LC_ALL: 'C.UTF-8', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: commandTimeoutMs,
    });
    let output = '';
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        for (const listener of listeners) listener();
      });
    }
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      // `exit`, not `close`: a node that was started in the background may hold the pipes open.
      child.once('exit', (code) => setTimeout(() => resolve({ command, code, output }), 50));
    });
    const said = (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => {
          const found = pattern.exec(output);
          if (found) resolve(found[0]);
        };
        listeners.add(look);
        look();
      });
    return { child, ended, said };
  }

  #remember(output: string): void {
    for (const [placeholder, printed] of remembered) {
      const found = printed.exec(output);
      if (found) this.#known.set(placeholder, found[1] ?? found[0]);
    }
  }

  async #filled(text: string): Promise<string> {
    let filled = text.replaceAll('/tmp/', `${this.folder}/`);
    for (const address of new Set(filled.match(/127\.0\.0\.1:\d+/g) ?? [])) {
      if (!this.#ports.has(address)) this.#ports.set(address, await freePort());
      filled = filled.replaceAll(address, `127.0.0.1:${this.#ports.get(address)}`);
    }
    for (const [placeholder] of remembered) {
      if (!new RegExp(`\\b${placeholder}\\b`).test(filled)) continue;
      const value = this.#known.get(placeholder);
      if (value === undefined) throw new Error(`nothing has printed what ${placeholder} stands for in: ${text}`);
      filled = filled.replaceAll(new RegExp(`\\b${placeholder}\\b`, 'g'), value);
    }
    return filled;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
