/** For the tests of this folder: nodes over real TLS on loopback. */

import { makeCertificate, type NodeCertificate } from '../keys/certificate.ts';
import { type LinkEvent, type LinksOptions, type NodeLinks, openLinks } from './node-links.ts';
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
    this.remove(member.organisation);
    this.members.push(member);
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
