#!/usr/bin/env node
// Plain JavaScript that Node 18 can parse: an older Node starts the same command again under the Node that the project has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
// The sources are TypeScript: Node strips the types by itself since 22.18 and 23.6.
const capable = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (capable) {
  // Warnings about the ways of libraries are ours to mend, not our users' to read.
  process.noDeprecation = true;
  const { main } = await import('../main.ts');
  const { processTerminal } = await import('../terminal.ts');
  process.exitCode = await main(process.argv.slice(2), processTerminal());
} else if (process.env.CAUSEWAY_RESTARTED_BY === String(process.ppid)) {
  refuse('It is the one that the project brings.');
} else {
  const node = projectNode();
  if (node === undefined) refuse('The project’s own Node is not installed either.');
  else runUnder(node);
}

function projectNode() {
  const require = createRequire(import.meta.url);
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const kind of ['node', 'node-bin']) {
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    try {
      const folder = dirname(require.resolve(`${kind}-${platform}-${process.arch}/package.json`));
      if (existsSync(join(folder, 'bin', program))) return join(folder, 'bin', program);
    } catch {
      // Not installed on this platform; the next name may be.
    }
  }
  for (let folder = dirname(fileURLToPath(import.meta.url)); dirname(folder) !== folder; folder = dirname(folder)) {
    const linked = join(folder, 'node_modules', '.bin', program);
    if (existsSync(linked)) return linked;
  }
  return undefined;
}

function runUnder(node) {
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  // Before the child is there: a signal that comes in between must not leave it alone.
  for (const signal of signals) process.on(signal, forward);
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, CAUSEWAY_RESTARTED_BY: String(process.pid) },
  });
  child.on('error', (error) => refuse(`The project’s own Node at ${node} did not start: ${error.message}.`));
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward);
    // Whoever waits for this process sees the end that the command itself had.
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

function refuse(reason) {
  process.stderr.write(
    `causeway needs Node 22.18 or newer; this is Node ${process.versions.node} (${process.execPath}). ${reason}\n` +
      'Run `npm ci` in the project’s folder without `--omit=optional`, or install Node 24 from https://nodejs.org.\n',
  );
  process.exitCode = 1;
}
