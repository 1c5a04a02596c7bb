/** Tests everything between this node and a partner, step by step, and says what to do about the first thing that fails. */

import { CLOCK_SKEW_MS_MAX, EXPIRY_WARNING_MS } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import type { DialledConnection } from './dial.ts';
import { LinkError, type LinkErrorCode } from './error.ts';
import { FRAME_OVERHEAD_BYTES } from './frame.ts';
import { sessionLimits, VERSION_MAX, VERSION_MIN } from './limits.ts';
import type { Member } from './partner.ts';
import type { GreetResponse } from './proto/causeway/link/v1/link_pb.ts';

export type CheckName =
  | 'address'
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'certificate'
  | 'proxy'
  | 'version'
  | 'membership'
  | 'clock'
  | 'frame-size'
  | 'dial-back';

export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do; absent where nothing is to be done. */
  readonly remedy?: string;
}

export interface DiagnosisParts {
  readonly peer: Member;
  /** This node's entry among the members: where the partner can dial back. */
  readonly self: Member | undefined;
  readonly clock: LinkClock;
  /** Whether the partner's connection to this node is up now. */
  readonly connected: boolean;
  dial(): Promise<DialledConnection>;
}

const RPC_TIMEOUT_MS = 10_000;
/** The partner dials with its own time limits. */
const DIAL_BACK_TIMEOUT_MS = 25_000;

/** The steps of a dial in their order, and what shows that each has failed. */
const dialSteps: readonly (readonly [CheckName, readonly LinkErrorCode[]])[] = [
  ['address', ['address-not-allowed']],
  ['dns', ['dns']],
  ['tcp', ['unreachable', 'timeout']],
  ['tls', ['tls']],
  ['certificate', ['wrong-certificate', 'weak-certificate', 'certificate-expired', 'certificate-not-yet-valid']],
  ['proxy', ['not-causeway', 'protocol']],
];

/** @returns the checks that were made, in order; those after a failure that they depend on are left out. */
export async function diagnose(parts: DiagnosisParts): Promise<readonly Check[]> {
  const { peer } = parts;
  if (peer.endpoint === undefined) return [withoutEndpoint(parts)];
  let connection: DialledConnection;
  try {
    connection = await parts.dial();
  } catch (error) {
    if (error instanceof LinkError) return failedDial(error, parts);
    throw error;
  }
  try {
    const found = [...passed('proxy', peer), certificateCheck(connection, parts)];
    return inOrder([...found, ...(await askThePeer(connection, parts))]);
  } finally {
    connection.wire.destroy();
  }
}

function withoutEndpoint({ peer, connected }: DiagnosisParts): Check {
  const { organisation } = peer;
  return connected
    ? { name: 'tcp', ok: true, detail: `${organisation} publishes no endpoint: it has dialled this node` }
    : {
        name: 'tcp',
        ok: false,
        detail: `${organisation} publishes no endpoint, and it has not dialled this node`,
        remedy: `start the node of ${organisation}, and check that it reaches this node's endpoint`,
      };
}

/** The steps before `last` that a dial has made. */
function passed(last: CheckName, { organisation, endpoint }: Member): Check[] {
  const details: Record<string, string> = {
    address: `${endpoint} is an address that this node may dial`,
    dns: 'the name was resolved',
    tcp: `${endpoint} accepts connections`,
    tls: 'TLS 1.3 with both certificates',
    certificate: `the certificate is the one that ${organisation} published`,
    proxy: 'HTTP/2 reaches the other side, no proxy answers in between',
  };
  const names = dialSteps.map(([name]) => name);
  const until = names.indexOf(last);
  return names
    .slice(0, last === 'proxy' ? until + 1 : until)
    .map((name) => ({ name, ok: true, detail: details[name]! }));
}

function failedDial(error: LinkError, { peer }: DiagnosisParts): Check[] {
  const [name] = dialSteps.find(([, codes]) => codes.includes(error.code)) ?? dialSteps[2]!;
  const before = passed(name, peer).filter((check) => check.name !== name);
  return [...before, { name, ok: false, detail: error.message, remedy: remedyFor(error.code, peer) }];
}

function certificateCheck({ wire }: DialledConnection, { peer, clock }: DiagnosisParts): Check {
  const leftMs = wire.certificateExpiresAtMs - clock.wallMs();
  const days = Math.floor(leftMs / 86_400_000);
  const detail = `the certificate is the one that ${peer.organisation} published, valid for ${days} more days`;
  if (leftMs > EXPIRY_WARNING_MS) return { name: 'certificate', ok: true, detail };
  return {
    name: 'certificate',
    ok: true,
    detail,
    remedy: `${peer.organisation} must publish a new certificate before that`,
  };
}

async function askThePeer(connection: DialledConnection, parts: DiagnosisParts): Promise<Check[]> {
  const { clock, peer } = parts;
  const versions = { versionMin: VERSION_MIN, versionMax: VERSION_MAX };
  const askedMs = clock.wallMs();
  let greeting: GreetResponse;
  try {
    greeting = await connection.rpc.greet(versions, { timeoutMs: RPC_TIMEOUT_MS });
  } catch (cause) {
    const error = connection.failure(cause);
    return [{ name: 'proxy', ok: false, detail: error.message, remedy: remedyFor(error.code, peer) }];
  }
  const middleMs = (askedMs + clock.wallMs()) / 2;
  const checks = [
    versionCheck(greeting, peer),
    membershipCheck(greeting, peer),
    clockCheck(Number(greeting.timeMs) - middleMs, peer),
  ];
  checks.push(await frameSizeCheck(connection, peer));
  if (greeting.refusal === undefined) checks.push(await dialBackCheck(connection, parts));
  return checks;
}

function versionCheck({ versionMin, versionMax }: GreetResponse, { organisation }: Member): Check {
  const offers = `${organisation} speaks protocol ${versionMin} to ${versionMax}, this node ${VERSION_MIN} to ${VERSION_MAX}`;
  if (versionMax >= VERSION_MIN && versionMin <= VERSION_MAX) return { name: 'version', ok: true, detail: offers };
  const older = versionMax < VERSION_MIN ? organisation : 'this node';
  return { name: 'version', ok: false, detail: offers, remedy: `upgrade the node of ${older}` };
}

function membershipCheck({ refusal }: GreetResponse, { organisation }: Member): Check {
  if (refusal === undefined) {
    return { name: 'membership', ok: true, detail: `${organisation} accepts this node's certificate` };
  }
  const remedy =
    refusal.code === 'not-a-member'
      ? `check that this node's present certificate is on the ledger, and that ${organisation} has read the ledger since`
      : "make this node's certificate anew and publish it";
  return { name: 'membership', ok: false, detail: `${organisation} refuses this node: ${refusal.detail}`, remedy };
}

function clockCheck(aheadMs: number, { organisation }: Member): Check {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const detail = `the clock of ${organisation} is ${seconds} s ${aheadMs >= 0 ? 'ahead of' : 'behind'} this node's`;
  if (Math.abs(aheadMs) <= CLOCK_SKEW_MS_MAX) return { name: 'clock', ok: true, detail };
  return { name: 'clock', ok: false, detail, remedy: 'set both clocks by NTP' };
}

async function frameSizeCheck(connection: DialledConnection, peer: Member): Promise<Check> {
  const paddingBytes = sessionLimits.frameBytesMax - FRAME_OVERHEAD_BYTES;
  const padding = new Uint8Array(paddingBytes);
  const request = { versionMin: VERSION_MIN, versionMax: VERSION_MAX, padding };
  const remedy = 'look for a device on the way that cuts long connections or large packets (MTU, inspection)';
  try {
    const answer = await connection.rpc.greet(request, { timeoutMs: RPC_TIMEOUT_MS });
    const ok = answer.paddingBytes === paddingBytes;
    const detail = `${answer.paddingBytes} of ${paddingBytes} bytes arrived in one message`;
    return { name: 'frame-size', ok, detail, ...(!ok && { remedy }) };
  } catch (cause) {
    const detail = `a message of ${paddingBytes} bytes did not arrive at ${peer.organisation}: ${connection.failure(cause).message}`;
    return { name: 'frame-size', ok: false, detail, remedy };
  }
}

async function dialBackCheck(connection: DialledConnection, { peer, self }: DiagnosisParts): Promise<Check> {
  const name = 'dial-back';
  if (self?.endpoint === undefined) {
    return { name, ok: true, detail: `this node publishes no endpoint: it dials ${peer.organisation} itself` };
  }
  try {
    const { failure } = await connection.rpc.dialBack({}, { timeoutMs: DIAL_BACK_TIMEOUT_MS });
    if (failure === undefined)
      return { name, ok: true, detail: `${peer.organisation} reaches this node at ${self.endpoint}` };
    const remedy = `check ${self.endpoint} in the firewall and in this node's configuration; without it this node still works by dialling`;
    return { name, ok: false, detail: `${peer.organisation} does not reach this node: ${failure.detail}`, remedy };
  } catch (cause) {
    const error = connection.failure(cause);
    return { name, ok: false, detail: error.message, remedy: remedyFor(error.code, peer) };
  }
}

/** A later finding about a step replaces the earlier one. */
function inOrder(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [check.name, check])).values()];
}

function remedyFor(code: LinkErrorCode, { organisation, endpoint }: Member): string {
  switch (code) {
    case 'address-not-allowed':
      return `ask ${organisation} to publish an endpoint that is reachable from outside, or allow private addresses in this node's configuration`;
    case 'dns':
      return `check the name in ${endpoint} with ${organisation}, and this machine's DNS`;
    case 'tls':
      return `check that ${endpoint} is the link's port of ${organisation}, and that no device on the way limits TLS`;
    case 'wrong-certificate':
      return `ask ${organisation} whether its certificate has changed and is on the ledger; if not, do not go on: someone is in between`;
    case 'weak-certificate':
    case 'certificate-expired':
      return `${organisation} must make a new certificate and publish it`;
    case 'certificate-not-yet-valid':
      return 'set both clocks by NTP';
    case 'not-causeway':
    case 'protocol':
      return 'let the link pass the proxy or load balancer as plain TCP: it must not end TLS or speak HTTP/1.1';
    default:
      return `check that the node of ${organisation} runs, and that firewalls on both sides let ${endpoint} through`;
  }
}
