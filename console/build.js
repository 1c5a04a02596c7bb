/**
 * Builds the console into dist/, without a network. npm runs this at the end of an install; where it fails, the install succeeds all the same, the
 * node serves its API alone and its page says what to run.
 *
 *   node console/build.js              unless dist/ is of these very sources already
 *   node console/build.js --strict     the same, and exits with 1 if that fails
 *
 * Plain JavaScript, because the Node that runs an install may be an old one.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = fileURLToPath(new URL('.', import.meta.url));
const out = join(root, 'dist');
const stamp = join(out, 'built-from.stamp');

/** What the bundle is made of: this folder, and what it imports of the others. */
const inputs = ['.', '../sdk', '../core', '../package-lock.json'];

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (extname(path) === '.json') return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist'].includes(entry.name))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) return filesIn(inside);
      return /(?<!\.test)\.(tsx?|js|css|html|svg)$/.test(entry.name) ? [inside] : [];
    })
    .sort();
}

function digestOfInputs() {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesIn(join(root, input)))) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Beside each text its brotli form, so that a node compresses nothing while it runs. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (/\.(js|css|svg)$/.test(entry.name)) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }));
    }
  }
}

async function build() {
  const wanted = digestOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const started = Date.now();
  // Whoever runs this, a test included, gets the build that users get.
  process.env.NODE_ENV = 'production';
  const { build: bundle } = await import('vite');
  await bundle({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  compress(join(out, 'assets'));
  writeFileSync(stamp, wanted);
  console.log(`The console was built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

build().catch((error) => {
  console.warn(
    `The console was not built (${error.message}); the node serves its API alone. Run \`npm run build:console\` again.`,
  );
  if (process.argv.includes('--strict')) process.exitCode = 1;
});
