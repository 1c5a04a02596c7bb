/** One run of the command as a person sees it: what was typed, what came out, how it ended. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  /** A person sits there: asked for by the text of the question, answered with keys. Without it there is no terminal. */
  readonly answers?: readonly (readonly [question: string, keys: string])[];
  readonly columns?: number;
  /** Ctrl-C, once this has been written to the error output. */
  readonly interruptAfter?: string;
  /** Told of everything on the error output, as it comes. */
  readonly onError?: (text: string) => void;
}

/** A folder to run in, with a home in it. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'causeway-cli-'));
  readonly home = join(this.folder, 'home');

  /** Makes a home that points at `api`, as `init` would. */
  configure(api: string): void {
    mkdirSync(this.home, { recursive: true });
    writeFileSync(
      join(this.home, 'config.json'),
      JSON.stringify({ organisation: 'aurora', name: 'Aurora Motors', api }),
    );
    writeFileSync(join(this.home, 'admin.token'), `${fakeToken}\n`, { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs one line; as one text it is split as a shell does, double quotes included. */
  async run(line: string | readonly string[], around: Around = {}): Promise<Ended> {
    const terminal = this.terminal(around);
    const code = await main(typeof line === 'string' ? words(line) : line, terminal);
    return { code, ...terminal.written };
  }

  terminal(around: Around = {}): Terminal & { readonly written: { output: string; error: string } } {
    const written = { output: '', error: '' };
    const output = new PassThrough();
    const error = Object.assign(new PassThrough(), { isTTY: around.answers !== undefined, columns: around.columns });
    const input = Object.assign(new PassThrough(), { isTTY: around.answers !== undefined, setRawMode: () => input });
    const open = [...(around.answers ?? [])];
    const interrupts = new Set<() => void>();
    output.on('data', (chunk) => {
      written.output += chunk;
    });
    error.on('data', (chunk) => {
      written.error += chunk;
      around.onError?.(String(chunk));
      const [next] = open;
      if (next !== undefined && written.error.includes(next[0])) {
        open.shift();
        // The prompt has drawn itself before it listens.
        setImmediate(() => input.write(next[1]));
      }
      if (around.interruptAfter !== undefined && written.error.includes(around.interruptAfter)) {
        for (const interrupt of interrupts) interrupt();
      }
    });
    return {
      input,
      output,
      error,
      env: { CAUSEWAY_HOME: this.home, ...around.env },
      folder: this.folder,
      interactive: around.answers !== undefined,
      columns: () => around.columns,
      onInterrupt: (handler) => {
        interrupts.add(handler);
        return () => interrupts.delete(handler);
      },
      written,
    };
  }
}

/** A shell’s words, double quotes included. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
