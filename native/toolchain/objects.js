/**
 * Compiling and linking only what changed. Beside each product lies a stamp, the hash of everything that went into it: compiler, flags,
 * and the content of its source and of every header that this includes. Times of files play no part.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The kernel cannot be built here; `log` is what the compiler said. */
export class BuildFailure extends Error {
  constructor(message, log) {
    super(message);
    this.log = log;
  }
}

/**
 * Compiles the units that changed, at most `jobs` at a time; what the compiler warned of stays beside each object, in `.log`.
 * @param units `{ source, object, flags }`, with absolute paths.
 * @returns how many were compiled.
 * @throws {BuildFailure} when one does not compile.
 */
export async function compile(compiler, units, jobs) {
  const waiting = units.filter((unit) => !isCurrent(unit.object, keyOf(compiler, unit)));
  const count = waiting.length;
  const failures = [];
  const work = async () => {
    for (let unit = waiting.shift(); unit !== undefined && failures.length === 0; unit = waiting.shift()) {
      const { status, said } = await compileOne(compiler, unit);
      if (status !== 0) failures.push({ unit, said });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  const [failure] = failures;
  if (failure)
    throw new BuildFailure(`${compiler.command[0]} refused a source`, `${failure.unit.source}\n${failure.said}`);
  return count;
}

/**
 * Links objects, unless nothing changed.
 * @returns whether it linked.
 * @throws {BuildFailure} when that fails.
 */
export function link(compiler, product, objects, flags) {
  const hash = begin(compiler, flags);
  for (const object of objects) hash.update(`${object}\0${readFileSync(`${object}.stamp`, 'utf8')}\0`);
  const key = hash.digest('hex');
  if (isCurrent(product, key)) return false;
  mkdirSync(dirname(product), { recursive: true });
  const [command, ...words] = compiler.command;
  const { status, stderr } = spawnSync(command, [...words, '-o', `${product}.new`, ...objects, ...flags], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new BuildFailure('linking failed', stderr);
  complete(product, key);
  return true;
}

async function compileOne(compiler, unit) {
  mkdirSync(dirname(unit.object), { recursive: true });
  const { object, source, flags } = unit;
  const [command, ...words] = compiler.command;
  const options = [...words, ...flags, '-MMD', '-MF', `${object}.d`, '-MT', 'it', '-c', source, '-o', `${object}.new`];
  const child = spawn(command, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const parts = [];
  child.stderr.on('data', (part) => parts.push(part));
  const status = await new Promise((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', resolve);
  });
  const said = Buffer.concat(parts).toString();
  if (status === 0) {
    writeFileSync(`${object}.log`, said);
    complete(object, keyOf(compiler, unit));
  }
  return { status, said };
}

/** @returns the hash of what goes into an object, or undefined when it was never compiled or a header is gone. */
function keyOf(compiler, { source, object, flags }) {
  if (!existsSync(`${object}.d`)) return undefined;
  // Make's syntax: `it: first second \` and further lines; a space inside a path has a backslash before it.
  const listed = readFileSync(`${object}.d`, 'utf8').replace(/^it:/, '').replaceAll('\\\n', ' ');
  const included = listed.match(/(\\ |\S)+/g) ?? [];
  const hash = begin(compiler, flags);
  for (const path of [source, ...included.map((word) => word.replaceAll('\\ ', ' '))]) {
    if (!existsSync(path)) return undefined;
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function begin(compiler, flags) {
  return createHash('sha256').update(JSON.stringify([compiler, flags]));
}

function isCurrent(product, key) {
  const stamp = `${product}.stamp`;
  return key !== undefined && existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
}

/** A process that has the old product loaded keeps it: the new one takes its name, not its place on the disk. */
function complete(product, key) {
  renameSync(`${product}.new`, product);
  writeFileSync(`${product}.stamp`, key);
}
