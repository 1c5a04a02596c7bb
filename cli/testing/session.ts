/** One run of the command as a person sees it: what was typed, what came out, how it ended. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from '../main.ts';
import type { Terminal } from '../terminal.ts';
import { fakeToken } from './fake-node.ts';

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  /** What a person types, at a terminal; without it there is none. */
  readonly typed?: string;
  readonly columns?: number;
  /** Called with a function that interrupts, once something listens for it. */
  readonly interruptible?: (interrupt: () => void) => void;
}

/** A folder to run in, with a home in it that points at `api`. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'causeway-cli-'));
  readonly home = join(this.folder, 'home');

  configure(api: string): void {
    rmSync(this.home, { recursive: true, force: true });
    writeHome(this.home, api);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs one line, split as a shell does, quotes included. */
  async run(line: string | readonly string[], around: Around = {}): Promise<Ended> {
    const output = new PassThrough();
    const error = new PassThrough();
    const input = Object.assign(new PassThrough(), { isTTY: around.typed !== undefined, setRawMode: () => input });
    const written = { output: '', error: '' };
    output.on('data', (chunk) => {
      written.output += chunk;
    });
    error.on('data', (chunk) => {
      written.error += chunk;
      // A prompt that asks: answer it once it is on the screen.
      if (around.typed !== undefined && !input.writableEnded && /[◆◇]|\?/.test(String(chunk))) {
        setTimeout(() => input.write(around.typed), 20);
      }
    });
    const terminal: Terminal = {
      input,
      output,
      error,
      env: { CAUSEWAY_HOME: this.home, ...around.env },
      folder: this.folder,
      interactive: around.typed !== undefined,
      columns: () => around.columns,
      onInterrupt: (handler) => {
        around.interruptible?.(handler);
        return () => {};
      },
    };
    const code = await main(typeof line === 'string' ? words(line) : line, terminal);
    return { code, ...written };
  }
}

function writeHome(home: string, api: string): void {
  const { mkdirSync } = process.getBuiltinModule('node:fs');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.json'), JSON.stringify({ organisation: 'aurora', name: 'Aurora Motors', api }));
  writeFileSync(join(home, 'admin.token'), `${fakeToken}\n`, { mode: 0o600 });
}

/** A shell’s words, double quotes included. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
