/** Two `causeway match` processes that meet on loopback, as two people would start them. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DirectReport } from '@causeway/server/direct';

const causeway = fileURLToPath(new URL('../../cli/bin/causeway.js', import.meta.url));

export interface DirectSide {
  readonly input: string;
  readonly ids: readonly string[];
  readonly output: string;
  readonly receiver?: 'me' | 'them' | 'both' | 'none';
  readonly minimum?: number;
  readonly protocol?: 'ecdh' | 'vole' | 'oprf';
}

export interface DirectEnd {
  readonly code: number | null;
  /** The one document on standard output; undefined where there is none. */
  readonly report: DirectReport | undefined;
  readonly stderr: string;
}

/** Runs both sides to their ends. */
export async function runDirectMatch(
  listener: DirectSide,
  connector: DirectSide,
): Promise<{ listener: DirectEnd; connector: DirectEnd }> {
  const first = start(['--listen', '127.0.0.1:0'], listener);
  const invite = await Promise.race([first.invite, first.end.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const second = start(['--connect', invite], connector);
  const [a, b] = await Promise.all([first.end, second.end]);
  return { listener: a, connector: b };
}

function start(meet: readonly string[], side: DirectSide) {
  const options = [
    ...['--input', side.input, '--output', side.output, '--yes', '--json'],
    ...side.ids.flatMap((id) => ['--id', id]),
    ...(side.receiver ? ['--receiver', side.receiver] : []),
    ...(side.minimum ? ['--minimum', String(side.minimum)] : []),
    ...(side.protocol ? ['--protocol', side.protocol] : []),
  ];
  const child = spawn(process.execPath, [causeway, 'match', ...meet, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const invite = new Promise<string>((resolve) => {
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
      const line = /^causeway:\S+$/m.exec(stderr);
      if (line) resolve(line[0]);
    });
  });
  const end = new Promise<DirectEnd>((resolve) => {
    child.once('close', (code) =>
      resolve({ code, report: stdout ? (JSON.parse(stdout) as DirectReport) : undefined, stderr }),
    );
  });
  return { invite, end };
}
