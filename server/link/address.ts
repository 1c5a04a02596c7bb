/**
 * Which addresses a node dials. An endpoint is a partner's word: it must not lead into this node's own network (server-side request
 * forgery). The name is resolved once and that address is dialled, so a second answer of the name server changes nothing.
 */

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { LinkError } from './error.ts';

export interface Endpoint {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ResolvedEndpoint extends Endpoint {
  /** Numeric addresses that may be dialled, in the resolver's order. */
  readonly addresses: readonly string[];
}

/** Names to numeric addresses. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (host) => {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** Whether an endpoint is an address of the machine itself: who publishes one has its partners there. */
export function isLoopback(endpoint: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(endpoint);
}

export interface AddressRules {
  /** Also loopback and private networks: for nodes on one machine or in one network. */
  readonly allowPrivate: boolean;
  readonly resolver?: Resolver;
}

/** @throws {LinkError} `address-not-allowed` for anything but `host:port`, an IPv6 address in brackets. */
export function parseEndpoint(endpoint: string): Endpoint {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):([1-9][0-9]{0,4})$/.exec(endpoint);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || host.length > 253 || port > 65535 || (match?.[1] !== undefined && isIP(match[1]) !== 6)) {
    throw new LinkError('address-not-allowed', 'address not allowed: an endpoint is written host:port');
  }
  return { host, port };
}

/**
 * Resolves an endpoint once.
 * @throws {LinkError} `dns`, or `address-not-allowed` where every address that was found is forbidden.
 */
export async function resolveEndpoint(endpoint: string, rules: AddressRules): Promise<ResolvedEndpoint> {
  const { host, port } = parseEndpoint(endpoint);
  const found = isIP(host) === 0 ? await resolve(host, rules.resolver ?? systemResolver) : [host];
  const addresses = found.filter((address) => isAddressAllowed(address, rules));
  if (addresses.length === 0) {
    throw new LinkError(
      'address-not-allowed',
      rules.allowPrivate
        ? `address not allowed: ${host} leads to a reserved address`
        : `address not allowed: ${host} leads to a private or reserved address. A node that shares a machine or a private network with its partners is made with --allow-private (allowPrivateAddresses in its config.json)`,
    );
  }
  return { host, port, addresses };
}

/** Whether a numeric address may be dialled; an IPv4 address inside an IPv6 one is judged as itself. */
export function isAddressAllowed(address: string, rules: { allowPrivate: boolean }): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  if (version === 6) {
    const embedded = embeddedIpv4(address);
    if (embedded !== undefined) return isAddressAllowed(embedded, rules);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (reserved.check(address, family)) return false;
  return rules.allowPrivate || !privateNetworks.check(address, family);
}

/** Never dialled: this host, link-local with its metadata services, and what is no single host. */
const reserved = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  // Metadata services outside of link-local: Alibaba Cloud, Azure, Oracle.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fe80::/10',
  // Amazon's metadata service over IPv6.
  'fd00:ec2::254/128',
  'ff00::/8',
  // Teredo hides an IPv4 address behind an exclusive or.
  '2001::/32',
]);

const privateNetworks = blockList([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::1/128',
  'fc00::/7',
  'fec0::/10',
  '2001:db8::/32',
  '100::/64',
]);

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string];
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

async function resolve(host: string, resolver: Resolver): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await resolver(host);
  } catch (cause) {
    throw new LinkError('dns', `the name ${host} could not be resolved: check the name and this node's DNS`, { cause });
  }
  if (addresses.length === 0) throw new LinkError('dns', `the name ${host} has no address`);
  return addresses;
}

/** The IPv4 address in an IPv4-mapped, IPv4-compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056) address. */
function embeddedIpv4(address: string): string | undefined {
  const groups = ipv6Groups(address);
  const dotted = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeros = groups.slice(0, 5).every((group) => group === 0);
  const mapped = zeros && groups[5] === 0xffff;
  const compatible = zeros && groups[5] === 0 && (groups[6] !== 0 || groups[7]! > 1);
  const nat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  if (mapped || compatible || nat64) return dotted(groups[6]!, groups[7]!);
  if (groups[0] === 0x2002) return dotted(groups[1]!, groups[2]!);
  return undefined;
}

/** The eight 16-bit groups of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  // The URL parser writes dotted parts as groups (WHATWG URL §3.5); a zone is no part of an address.
  const canonical = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [head, tail] = canonical.split('::') as [string, string | undefined];
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = parse(head);
  if (tail === undefined) return before;
  const after = parse(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
