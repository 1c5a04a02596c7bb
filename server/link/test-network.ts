/** For the tests of this folder: nodes over real TLS on loopback. */

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { makeCertificate, type NodeCertificate } from '../keys/certificate.ts';
import type { LinkEvent } from './link.ts';
import { type LinksOptions, type NodeLinks, openLinks } from './node-links.ts';
import type { Member } from './partner.ts';

export interface TestNode {
  readonly links: NodeLinks;
  readonly certificate: NodeCertificate;
  readonly events: LinkEvent[];
}

export class TestNetwork {
  readonly members: Member[] = [];
  readonly #nodes: NodeLinks[] = [];

  /** Starts a node and makes it a member. */
  async start(
    organisation: string,
    options: Partial<LinksOptions> & { certificate?: NodeCertificate; endpoint?: string; silent?: boolean } = {},
  ): Promise<TestNode> {
    const certificate = options.certificate ?? (await testCertificate(organisation));
    const events: LinkEvent[] = [];
    const links = await openLinks({
      identity: { organisation, certificate: certificate.certificate, privateKey: certificate.privateKey },
      members: () => this.members,
      allowPrivateAddresses: true,
      reconnect: { firstMs: 20, longestMs: 200 },
      onEvent: (event) => events.push(event),
      ...(!options.silent && { listen: { host: '127.0.0.1', port: 0 } }),
      ...options,
    });
    this.#nodes.push(links);
    const endpoint = options.endpoint ?? (links.address && `127.0.0.1:${links.address.port}`);
    this.admit({ organisation, tlsFingerprint: certificate.fingerprint, ...(endpoint && { endpoint }) });
    return { links, certificate, events };
  }

  /** Writes a member's entry, in place of any earlier one. */
  admit(member: Member): void {
    const index = this.members.findIndex(({ organisation }) => organisation === member.organisation);
    if (index >= 0) this.members[index] = member;
    else this.members.push(member);
    for (const node of this.#nodes) node.refresh();
  }

  remove(organisation: string): void {
    const index = this.members.findIndex((member) => member.organisation === organisation);
    if (index >= 0) this.members.splice(index, 1);
    for (const node of this.#nodes) node.refresh();
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }
}

export async function testCertificate(
  organisation: string,
  options: { nowMs?: number; validDays?: number } = {},
): Promise<NodeCertificate> {
  return await makeCertificate({
    organisation,
    nowMs: options.nowMs ?? Date.now(),
    validDays: options.validDays ?? 30,
  });
}

/** A stretch of wire between two nodes that a test can cut, or let go silent. */
export class TestWire {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #silent = false;
  /** Bytes still let through before a cut, counted over both directions. */
  #bytesLeft = Number.POSITIVE_INFINITY;
  connectionCount = 0;

  private constructor(server: Server, endpoint: string) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  /** @param to the port behind it. */
  static async to(to: number): Promise<TestWire> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const wire = new TestWire(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (near) => wire.#join(near, connect(to, '127.0.0.1')));
    return wire;
  }

  /** Ends all connections as a reset does. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Cuts in the middle of whatever is on its way after this many more bytes. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Nothing more passes, and nobody is told: half-open connections. */
  silence(): void {
    this.#silent = true;
  }

  /** Bytes pass again; connections that have lost some are ended. */
  resume(): void {
    this.#silent = false;
    this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket, far: Socket): void {
    this.connectionCount += 1;
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('data', (chunk) => this.#pass(chunk, to));
      from.on('close', () => {
        this.#pairs.delete(pair);
        if (!this.#silent) to.destroy();
      });
    }
  }

  #pass(chunk: Buffer, to: Socket): void {
    if (this.#silent) return;
    const passed = chunk.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= passed.length;
    to.write(passed, () => {
      if (passed.length < chunk.length) this.cut();
    });
    if (passed.length < chunk.length) this.#bytesLeft = Number.POSITIVE_INFINITY;
  }
}
