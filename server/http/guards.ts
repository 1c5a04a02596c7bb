/** What is checked before anything of a request is looked at: that it was meant for this node, and came from where it says. */
import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './api-problem.ts';

/** Sent with every answer: nothing here may be framed, sniffed, cached, or read by another site. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/** Headers that decide who asks and whom; said twice, two readers could take two of them. */
const saidOnce = ['host', 'authorization', 'cookie', 'content-length', 'content-type', 'origin', 'last-event-id'];

/**
 * @param hosts `host:port` as this node is reached, lower case.
 * @throws {ApiProblem} `wrong-host` when the request was sent to another name: a page whose name was pointed at this machine
 *   (DNS rebinding) is stopped here; `invalid-request` for a header said twice.
 */
export function checkHost(request: IncomingMessage, hosts: ReadonlySet<string>): void {
  const counts = new Map<string, number>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const name of saidOnce) {
    if ((counts.get(name) ?? 0) > 1) {
      throw new ApiProblem({ code: 'invalid-request', detail: `the header ${name} is there more than once` });
    }
  }
  if (hosts.has((request.headers.host ?? '').toLowerCase())) return;
  throw new ApiProblem({
    code: 'wrong-host',
    detail: 'the request names another host than this node’s',
    remedy:
      'use the address that `causeway status` shows, or add the name to the allowed hosts in the node’s configuration',
  });
}

/**
 * Refuses requests that change something and come from a page of another origin (OWASP: verify origin with standard headers).
 * Programs send neither header; browsers send at least one.
 */
export function checkOrigin(request: IncomingMessage, hosts: ReadonlySet<string>): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreign && (origin === undefined || hosts.has(origin.toLowerCase().replace(/^https?:\/\//, '')))) return;
  throw new ApiProblem({ code: 'csrf', detail: 'the request comes from a page of another origin' });
}

/** Every name under which a server on this address and port is reached from the same machine, and what is added to them. */
export function hostsOf(
  address: { readonly host: string; readonly port: number },
  more: readonly string[],
): ReadonlySet<string> {
  const bare = address.host.includes(':') ? `[${address.host}]` : address.host;
  const names = [bare, 'localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${address.port}`);
  return new Set([...names, ...more].map((name) => name.toLowerCase()));
}
