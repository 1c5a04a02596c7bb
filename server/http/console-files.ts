/** The web console's files as they were built: read once, served from memory under strict headers. */
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiProblem, notFound } from './api-problem.ts';
import { securityHeaders } from './guards.ts';

/** One file in the forms that a browser may ask for. */
interface ServedFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly brotli: Buffer | undefined;
}

/** What stands in the page as it was built where each answer has a value of its own. */
const noncePlaceholder = /causeway-style-nonce/g;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The pages, by their addresses. */
const pages: readonly { readonly file: string; readonly isAt: (path: string) => boolean }[] = [
  { file: '/guest.html', isAt: (path) => path === '/guest' },
  // Every other address is one of the console's screens.
  { file: '/index.html', isAt: () => true },
];

/** Workers stand here: a worker goes by the policy of its own answer, not by that of its page. */
const workerFolder = '/assets/worker/';

/** A worker computes, in WebAssembly too, and speaks to this node: it has no page to load anything into. */
const workerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * What the page may load: scripts that are files of this node and nothing else. Styles of components are put into the page while it runs and
 * carry the nonce of their answer; style attributes cannot run anything, and charts write them.
 */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the console on every path that is not the API's, so that an address of any of its screens can be opened anew.
 * @param options.folder of the build; where it is absent, `/` says so and how to make it.
 * @param options.random source of the nonces.
 */
export async function serveConsole(
  app: FastifyInstance,
  options: { readonly folder: string; readonly random: (length: number) => Uint8Array },
): Promise<void> {
  const files = await readBuild(options.folder);

  app.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    // An address of the API that does not exist is told as the API tells it.
    if (path === '/v1' || path.startsWith('/v1/')) throw notFound();
    const file = path.endsWith('.html') ? undefined : files.get(path);
    if (file !== undefined) return sendFile(path, file, request.headers['accept-encoding'], reply);
    if (!String(request.headers.accept ?? '').includes('text/html')) throw notFound();
    const page = pages.find(({ isAt }) => isAt(path))!;
    const text = files.get(page.file)?.plain.toString('utf8');
    if (text === undefined) throw notBuilt();
    const nonce = Buffer.from(options.random(16)).toString('base64url');
    reply.headers({ 'content-type': types['.html']!, 'content-security-policy': pagePolicy(nonce) });
    return text.replace(noncePlaceholder, nonce);
  });
}

function sendFile(
  path: string,
  file: ServedFile,
  accepted: string | string[] | undefined,
  reply: FastifyReply,
): Buffer {
  // The name of every built file has a digest of what is in it.
  reply.headers({
    ...securityHeaders,
    ...(path.startsWith(workerFolder) ? { 'content-security-policy': workerPolicy } : {}),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
  reply.type(file.type);
  if (file.brotli === undefined || !/\bbr\b/.test(String(accepted ?? ''))) return file.plain;
  reply.header('content-encoding', 'br');
  return file.brotli;
}

/** Only what is in this map is ever served: no path of a request reaches the disk. */
async function readBuild(folder: string): Promise<ReadonlyMap<string, ServedFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException): Dirent[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const served = entries.filter((entry) => entry.isFile() && Object.hasOwn(types, extname(entry.name)));
  const files = await Promise.all(
    served.map(async (entry): Promise<[string, ServedFile]> => {
      const path = join(entry.parentPath, entry.name);
      const brotli = await readFile(`${path}.br`).catch(() => undefined);
      const address = `/${relative(folder, path).split(sep).join('/')}`;
      return [address, { type: types[extname(entry.name)]!, plain: await readFile(path), brotli }];
    }),
  );
  return new Map(files);
}

function notBuilt(): ApiProblem {
  return new ApiProblem({
    code: 'unavailable',
    detail: 'the console was not built when this node was installed',
    remedy:
      'run `npm run build:console` where the node is installed and start it again; the API and the command line work without it',
  });
}
