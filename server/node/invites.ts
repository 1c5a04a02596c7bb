/** Invites to a network: made by the operator for one organisation each, used once, and refused after a week. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Home } from '../home/index.ts';
import { NodeError } from '../home/index.ts';
import {
  CallRefused,
  decodeInvite,
  encodeInvite,
  INVITE_SECRET_BYTES,
  isInviteProven,
  type JoinApplication,
  joinByInvite,
  type LinkClock,
} from '../link/index.ts';
import type { Store } from '../store/index.ts';
import type { Network } from './network.ts';
import { timeText } from './services.ts';

const validMs = 7 * 24 * 3600_000;
const settingsKey = 'invites';
const kept = z.array(z.strictObject({ secret: z.string(), expiresAtMs: z.number(), usedBy: z.string().optional() }));

export class Invites {
  readonly #parts: { readonly home: Home; readonly store: Store; readonly clock: LinkClock; readonly network: Network };

  constructor(parts: {
    readonly home: Home;
    readonly store: Store;
    readonly clock: LinkClock;
    readonly network: Network;
  }) {
    this.#parts = parts;
  }

  /** @throws {NodeError} `not-operator`. */
  async make(): Promise<{ invite: string; expiresAt: string }> {
    const { home, clock, network } = this.#parts;
    const { config, keys } = home;
    const address = config.endpoint ?? config.listen;
    if (!network.ledger.isOperator || address === undefined) {
      throw new NodeError(
        'not-operator',
        `invites are made by the operator of the network, ${network.ledger.log.operator}`,
        {
          remedy:
            address === undefined
              ? 'give this node an address to listen on: `listen` in its config.json'
              : 'ask the operator for one',
        },
      );
    }
    const secret = randomBytes(INVITE_SECRET_BYTES);
    const expiresAtMs = clock.wallMs() + validMs;
    await this.#change((invites) => [...invites, { secret: secret.toString('hex'), expiresAtMs }]);
    const invite = encodeInvite({
      address,
      tlsFingerprint: keys.certificate.fingerprint,
      secret,
      network: network.ledger.log.network,
    });
    return { invite, expiresAt: timeText(expiresAtMs) };
  }

  /** At the operator: whoever proves an invite that is not used yet becomes a member. */
  async admit({ tlsFingerprint, proof, body }: JoinApplication): Promise<Uint8Array> {
    const { home, network } = this.#parts;
    const digest = createHash('sha256').update(tlsFingerprint).digest('hex');
    const inviter = home.keys.certificate.fingerprint;
    const invites = await this.#read();
    const invite = invites.find(({ secret }) =>
      isInviteProven(
        { secret: new Uint8Array(Buffer.from(secret, 'hex')), inviter, invited: tlsFingerprint, body },
        proof,
      ),
    );
    // The same applicant may come again: its first answer may have been lost.
    if (
      !invite ||
      invite.expiresAtMs < this.#parts.clock.wallMs() ||
      (invite.usedBy !== undefined && invite.usedBy !== digest)
    ) {
      throw new CallRefused({
        code: 'invite',
        detail: 'this invite is unknown, used already, or too old: ask the operator for a new one',
      });
    }
    const answer = await network.admit(body);
    await this.#change((all) =>
      all.map((other) => (other.secret === invite.secret ? { ...other, usedBy: digest } : other)),
    );
    return answer;
  }

  /** At the new member. @throws {LinkError} why the operator could not be reached or refused. */
  async accept(line: string): Promise<void> {
    const { home, network } = this.#parts;
    network.checkFree();
    const invite = decodeInvite(line);
    if (invite.network === undefined) {
      throw new NodeError('invite-refused', 'this invite is for a direct match, not for a network', {
        remedy: 'use it with `causeway match --connect`',
      });
    }
    const answer = await joinByInvite({
      invite,
      identity: { organisation: home.config.organisation, ...home.keys.certificate },
      body: network.joinRequest(invite.network),
      allowPrivateAddresses: home.config.allowPrivateAddresses,
    });
    await network.joined(answer, { tlsFingerprint: invite.tlsFingerprint, endpoint: invite.address });
  }

  async #read(): Promise<z.infer<typeof kept>> {
    const stored = await this.#parts.store.settings.get(settingsKey);
    return stored === undefined ? [] : kept.parse(stored);
  }

  async #change(change: (invites: z.infer<typeof kept>) => z.infer<typeof kept>): Promise<void> {
    const { clock, store } = this.#parts;
    const current = (await this.#read()).filter(({ expiresAtMs }) => expiresAtMs > clock.wallMs() - validMs);
    await store.settings.put({ key: settingsKey, value: change(current), atMs: clock.wallMs(), by: 'node' });
  }
}
