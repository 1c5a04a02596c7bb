import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem } from './api-problem.ts';
import { serveConsole } from './console-files.ts';

const script = 'console.log(1)';
let outside: string;
let app: FastifyInstance;
let unbuilt: FastifyInstance;
let count = 0;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'causeway-console-files-'));
  const folder = join(outside, 'dist');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<meta property="csp-nonce" nonce="causeway-style-nonce"><p>page');
  await writeFile(join(folder, 'guest.html'), '<meta property="csp-nonce" nonce="causeway-style-nonce"><p>for guests');
  await mkdir(join(folder, 'assets/worker'));
  await writeFile(join(folder, 'assets/worker/kernel-1.js'), script);
  await writeFile(join(folder, 'assets/main-1.js'), script);
  await writeFile(join(folder, 'assets/main-1.js.br'), brotliCompressSync(script));
  await writeFile(join(folder, 'built-from.stamp'), 'stamp');
  await writeFile(join(outside, 'secret.js'), 'secret');
  app = await serving(folder);
  unbuilt = await serving(join(outside, 'nothing'));
});
afterAll(async () => {
  await app.close();
  await unbuilt.close();
  await rm(outside, { recursive: true, force: true });
});

async function serving(folder: string): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) =>
    reply.status(error instanceof ApiProblem ? error.status : 500).send({ code: (error as ApiProblem).code }),
  );
  await serveConsole(app, { folder, random: (length) => new Uint8Array(length).fill(++count) });
  return app;
}

const get = (url: string, headers: Record<string, string> = {}, from = app) => from.inject({ url, headers });
const asPage = { accept: 'text/html,*/*' };

describe('the page', () => {
  it.each(['/', '/index.html', '/datasets', '/datasets/d1?x=1'])('is what %s shows', async (address) => {
    const answer = await get(address, asPage);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('<p>page');
  });

  it('has a nonce of its own in every answer, and a policy without inline scripts', async () => {
    const answers = [await get('/', asPage), await get('/', asPage)];
    const nonces = answers.map(({ body }) => /nonce="([\w-]+)"/.exec(body)![1]!);
    expect(nonces[0]).not.toBe(nonces[1]);
    for (const [i, { headers }] of answers.entries()) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain(`style-src-elem 'self' 'nonce-${nonces[i]}'`);
      expect(policy).toMatch(/(^|; )script-src 'self'(;|$)/);
      expect(policy).toContain("default-src 'none'");
    }
  });

  it('is not what a program gets for an address that does not exist, nor anybody under /v1', async () => {
    expect((await get('/datasets', { accept: 'application/json' })).statusCode).toBe(404);
    expect((await get('/v1/nothing', asPage)).json()).toEqual({ code: 'not-found' });
    expect((await get('/v1', asPage)).statusCode).toBe(404);
  });

  it.each(['/guest', '/guest?x=1'])('of guests is what %s shows, under the same policy', async (address) => {
    const { body, headers } = await get(address, asPage);
    expect(body).toContain('<p>for guests');
    expect(headers['content-security-policy']).not.toContain('wasm');
  });

  it('of guests is at its own address alone', async () => {
    for (const address of ['/guest.html', '/guests', '/guest/x'])
      expect((await get(address, asPage)).body).toContain('<p>page');
  });

  it('that was not built is told with what to do', async () => {
    expect((await get('/', asPage, unbuilt)).json()).toEqual({ code: 'unavailable' });
  });
});

describe('a file', () => {
  it('is kept for a year, under the headers of every answer', async () => {
    const { headers, body } = await get('/assets/main-1.js');
    expect(body).toBe(script);
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('compiles WebAssembly only where it is a worker, which can load nothing else', async () => {
    const policies = await Promise.all(
      ['/assets/main-1.js', '/assets/worker/kernel-1.js'].map(async (address) =>
        String((await get(address)).headers['content-security-policy']),
      ),
    );
    expect(policies.map((policy) => policy.includes("'wasm-unsafe-eval'"))).toEqual([false, true]);
    expect(policies[1]).toContain("default-src 'none'");
    expect(policies.join()).not.toMatch(/unsafe-eval'[^;]*'unsafe-inline'|(?<!wasm-)unsafe-eval/);
  });

  it('travels compressed to a browser that takes it so', async () => {
    const { headers, rawPayload } = await get('/assets/main-1.js', { 'accept-encoding': 'gzip, br' });
    expect(headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(rawPayload).toString()).toBe(script);
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/built-from.stamp',
    '/assets/main-1.js.br',
    '/assets/nothing.js',
  ])('[F66] %s is none', async (address) => {
    const { statusCode, body } = await get(address);
    expect(statusCode).toBe(404);
    expect(body).not.toContain('secret');
  });
});
