/**
 * Compiles the native kernel with the machine's own C++ compiler: no download, no node-gyp. npm runs this at the end of an install;
 * where it cannot compile, the install succeeds all the same and the WebAssembly kernel does the work.
 *
 *   node native/build.js                                    build/causeway.node, from src
 *   node native/build.js --programs                         also the programs of test and fuzz, without Node; exits with 1 if that fails
 *   node native/build.js --programs --sanitize address      the programs alone into build/address, with a sanitizer, or several
 *                                                           (address,undefined); with `fuzzer` among them, clang's libFuzzer drives the
 *                                                           fuzz targets
 *
 * $CXX names the compiler, $CXXFLAGS adds flags. Plain JavaScript, because the Node that runs an install may be an old one.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findCompiler, flagsOf, isForThisMachine, linkingAddon, nodeHeaders } from './toolchain/compiler.js';
import { BuildFailure, compile, link } from './toolchain/objects.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: { programs: { type: 'boolean', default: false }, sanitize: { type: 'string', default: '' } },
});
const out = join(root, 'build', options.sanitize.replaceAll(',', '-'));
const sanitizers = options.sanitize.split(',').filter((name) => name !== '');
const hasFuzzer = sanitizers.includes('fuzzer');
const jobs = availableParallelism?.() ?? cpus().length;

/** @returns paths of the C++ sources in a folder, relative to this one, sorted: the same on every machine. */
function sourcesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesIn(path);
      return /\.cc$/.test(path) && isForThisMachine(path) ? [path] : [];
    })
    .sort();
}

async function build() {
  const compiler = findCompiler();
  const headers = nodeHeaders();
  const extra = [
    ...(process.env.CXXFLAGS ?? '').split(' ').filter((flag) => flag !== ''),
    ...sanitizers.map((name) => `-fsanitize=${name === 'fuzzer' ? 'fuzzer-no-link' : name}`),
    ...(sanitizers.length > 0 ? ['-fno-sanitize-recover=all', '-g1', '-O1', '-DCAUSEWAY_SANITIZED'] : []),
  ];
  const unit = (source) => ({
    source: join(root, source),
    object: join(out, 'objects', source.replace(/\.cc$/, '.o')),
    flags: [...flagsOf(source), ...extra, '-I', join(root, 'src'), '-isystem', headers],
  });
  const sources = sourcesIn('src');
  const withoutNode = sources.filter((source) => !source.startsWith('src/node/')).map(unit);
  // Node is not sanitized, and would load no addon that is.
  const hasAddon = sanitizers.length === 0;
  const library = hasAddon ? sources.map(unit) : withoutNode;
  const fuzzTargets = sourcesIn('fuzz').filter((source) => !source.includes('/driver/'));
  const programs = options.programs ? [...sourcesIn('test'), ...sourcesIn('fuzz')].map(unit) : [];

  const compiled = await compile(compiler, [...library, ...programs], jobs);
  const objectsOf = (units) => units.map(({ object }) => object);
  const changed =
    hasAddon && link(compiler, join(out, 'causeway.node'), objectsOf(library), [...linkingAddon(), ...extra]);

  if (options.programs) {
    const driver = hasFuzzer ? [] : sourcesIn('fuzz/driver').map(unit);
    const program = (source, parts, flags) =>
      link(compiler, join(out, source.replace(/\.cc$/, '')), objectsOf(parts), ['-pthread', ...extra, ...flags]);
    for (const source of sourcesIn('test')) program(source, [unit(source), ...withoutNode], []);
    for (const source of fuzzTargets) {
      program(source, [unit(source), ...driver, ...withoutNode], hasFuzzer ? ['-fsanitize=fuzzer'] : []);
    }
  }
  return { compiler, compiled, changed };
}

const startedMs = Date.now();
const log = join(out, 'build.log');
mkdirSync(out, { recursive: true });
try {
  const { compiler, compiled, changed } = await build();
  rmSync(log, { force: true });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const what = compiled === 0 && !changed ? 'is up to date' : `was compiled in ${seconds} s`;
  console.log(`The native kernel ${what} (${compiler.version}).`);
} catch (error) {
  if (!(error instanceof BuildFailure)) throw error;
  writeFileSync(log, error.log);
  rmSync(join(out, 'causeway.node'), { force: true });
  console.log(
    `The native kernel was not compiled (${error.message}): Causeway runs on its WebAssembly kernel, which is slower. ` +
      `For the native one install clang++ or g++ (9 or newer) and run "npm run build:native". Log: ${basename(root)}/${relative(root, log)}`,
  );
  if (options.programs) process.exitCode = 1;
}
