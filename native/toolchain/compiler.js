/** Which C++ compiler compiles the kernel, and with which flags each file. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BuildFailure } from './objects.js';

/** On x64 a file's suffix says what its code may use. It is called only where the processor has it (src/cpu), so nothing else may be in it. */
const instructionSets = {
  '.avx2.cc': ['-mavx2', '-mbmi2', '-maes', '-mpclmul'],
  '.ifma.cc': [
    ...['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx512ifma', '-mavx512vbmi', '-mavx512vbmi2'],
    ...['-mvaes', '-mvpclmulqdq', '-mgfni', '-maes', '-mpclmul', '-mavx2', '-mbmi2', '-msha'],
  ],
};

const language = ['-std=c++17', '-O3', '-fPIC', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-pthread'];
// GCC 12 warns of its own AVX-512 headers (its bug 105593); clang does not know all of GCC's names.
const warningsOfHeaders = ['-Wno-uninitialized', '-Wno-maybe-uninitialized', '-Wno-unknown-warning-option'];
const warnings = ['-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-Wno-sign-conversion', '-Wcast-qual', '-Wundef'];

const suffixOf = (source) => Object.keys(instructionSets).find((suffix) => source.endsWith(suffix));

export function isForThisMachine(source) {
  return suffixOf(source) === undefined || process.arch === 'x64';
}

export function flagsOf(source) {
  const set = instructionSets[suffixOf(source)];
  return [...language, ...warnings, ...(set ? [...set, ...warningsOfHeaders] : [])];
}

/** The Node-API is resolved when Node loads the addon. */
export function linkingAddon() {
  return process.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup', '-pthread']
    : ['-shared', '-pthread', '-Wl,-z,relro,-z,now'];
}

/** @returns the folder of node_api.h. */
export function nodeHeaders() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  } catch (error) {
    throw new BuildFailure('the package node-api-headers is not installed', String(error));
  }
}

/**
 * The first compiler that compiles a line of C++17. One that is there without its standard library is passed over.
 * @returns its command, and the first line that it says of itself.
 */
export function findCompiler() {
  if (process.platform === 'win32') throw new BuildFailure('it is not built on Windows', '');
  const candidates = process.env.CXX ? [process.env.CXX] : ['clang++', 'g++', 'c++'];
  const said = [];
  for (const candidate of candidates) {
    const command = candidate.split(' ').filter((word) => word !== '');
    const run = (options, input) =>
      spawnSync(command[0], [...command.slice(1), ...options], { input, encoding: 'utf8' });
    const probe = run(
      ['-std=c++17', '-fsyntax-only', '-x', 'c++', '-'],
      '#include <atomic>\nstd::atomic<int> probe;\n',
    );
    if (probe.status === 0) return { command, version: run(['--version']).stdout.split('\n')[0] };
    said.push(`${candidate}: ${probe.error?.message ?? probe.stderr}`);
  }
  throw new BuildFailure(`no C++17 compiler: tried ${candidates.join(', ')}`, said.join('\n'));
}
